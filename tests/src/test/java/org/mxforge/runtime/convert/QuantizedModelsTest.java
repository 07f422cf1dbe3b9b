package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.Recipe;

/** Every family goes through quantize, save, load and run: Qwen2 with its biases, Mixtral with its experts. */
class QuantizedModelsTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @MethodSource("org.mxforge.runtime.model.Fixtures#names")
    void mxfp8IsCloseToThePlainModel(String name) {
        Checkpoint plain = Checkpoint.open(Fixtures.folder(name));
        QuantizationPlan plan = new QuantizationPlan(Recipe.parse("mxfp8"), plain, Optional.empty());
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
        float[] expected = logits(plain);
        float[] actual = logits(Checkpoint.open(work.resolve("out")));
        double error = 0;
        double size = 0;
        for (int i = 0; i < expected.length; i++) {
            error += Math.pow(actual[i] - expected[i], 2);
            size += Math.pow(expected[i], 2);
        }
        // Each product of random operands adds about 4 %, and a token near the border may change its expert.
        assertThat(Math.sqrt(error / size)).isBetween(0.01, 0.25);
    }

    private static float[] logits(Checkpoint checkpoint) {
        float[][] logits = new float[1][];
        try (Backend backend = new CpuBackend(2, VariantChooser.DEFAULTS);
                Decoder decoder = Decoder.load(checkpoint, backend);
                KvCache cache = decoder.newCache(1, 8);
                KvCache.Sequence sequence = cache.open()) {
            decoder.logits(
                    sequence,
                    new int[] {3, 141, 59, 26, 500, 0},
                    6,
                    (matrix, row) -> logits[0] = backend.download(matrix));
        }
        return logits[0];
    }
}
