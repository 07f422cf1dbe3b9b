package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.DecodedLogits;
import org.mxforge.runtime.TokenBatch;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;

/** Weights that are finite and too large together: no result may pass as one. */
class NonFiniteTest {
    private static final int[] IDS = {3, 1, 4, 1, 5, 9, 2, 6};

    @TempDir
    Path folder;

    private Backend backend;

    @AfterEach
    void close() {
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "model.layers.0.self_attn.o_proj.weight, from the attention of layer 0 on",
        "model.layers.1.mlp.down_proj.weight, from the feed-forward block of layer 1 on",
        "lm_head.weight, from the output head on"
    })
    void theFirstPartThatWentWrongIsNamed(String tensor, String place) throws IOException {
        backend = new CpuBackend(1, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
        try (Decoder decoder = Decoder.load(withHuge(tensor), backend)) {
            Generator generator = new Generator(decoder);
            assertRefused(place, () -> generator.generate(IDS, GenerationOptions.greedy(3), id -> true));
            assertRefused(place, () -> generator.generate(IDS, new GenerationOptions(3, 0.7f, 0.9f, 1), id -> true));
            assertRefused(place, () -> new Perplexity(4, 2).meanNll(decoder, IDS, tokens -> {}));
            Path out = folder.resolve("logits.safetensors");
            assertRefused(place, () -> DecodedLogits.write(new TokenBatch(1, IDS.length, IDS), decoder, out));
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void aPerplexityThatIsNoNumberIsNone() throws IOException {
        backend = new CpuBackend(1, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
        try (Decoder decoder = Decoder.load(scaled("lm_head.weight", 1e5f), backend)) {
            assertThatThrownBy(() -> new Perplexity(4, 2).meanNll(decoder, IDS, tokens -> {}))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("too large for a number");
        }
    }

    private static void assertRefused(String place, ThrowingCallable run) {
        assertThatThrownBy(run)
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("logits are not finite")
                .hasMessageContaining(place);
    }

    private Checkpoint withHuge(String tensor) throws IOException {
        return scaled(tensor, Float.MAX_VALUE);
    }

    /** A fixture in F32 with one tensor multiplied by {@code factor}, and kept finite. */
    private Checkpoint scaled(String tensor, float factor) throws IOException {
        Path source = Fixtures.folder("fx-llama");
        TensorStore store = TensorStore.open(source);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : store.names()) {
            float[] values = store.f32(name);
            if (name.equals(tensor)) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Math.max(-Float.MAX_VALUE, Math.min(Float.MAX_VALUE, values[i] * factor));
                }
            }
            long[] shape =
                    store.info(name).shape().stream().mapToLong(Long::longValue).toArray();
            writer.add(
                    name,
                    TensorType.F32,
                    SafetensorsWriter.Payload.of(ScalarArray.rounded(ScalarType.FP32, values)),
                    shape);
        }
        Path model = Files.createDirectory(folder.resolve("model"));
        Files.copy(source.resolve("config.json"), model.resolve("config.json"));
        writer.write(model.resolve("model.safetensors"));
        assertThat(Arrays.stream(IDS).max().getAsInt()).isLessThan(512);
        return Checkpoint.open(model);
    }
}
