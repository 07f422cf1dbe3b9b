package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.GpuTest;

/** The bundled model over every kind of cache on a GPU, against the CPU. */
@Tag("gpu")
class QuantizedCacheGpuTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(CacheFormat.class)
    void scoresAsTheCpuDoes(CacheFormat format) {
        GpuTest.context();
        Checkpoint demo = Checkpoint.open(BundledModel.checkpoint(folder.resolve("demo")));
        int[] text = demo.tokenizer().encode(BundledModel.evaluationText());
        try (Backend gpu = new CudaBackend(VariantChooser.DEFAULTS);
                Backend cpu = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")))) {
            double difference = nll(demo, gpu, format, text) - nll(demo, cpu, format, text);
            assertThat(Math.exp(difference)).isCloseTo(1, within(0.003));
        }
    }

    private static double nll(Checkpoint demo, Backend backend, CacheFormat format, int... text) {
        try (Decoder decoder = Decoder.load(demo, backend, format)) {
            return new Perplexity(512, 8).meanNll(decoder, text, tokens -> {});
        }
    }

    /** A prompt is read in tiles, single tokens in a stream: both see the same cache. */
    @ParameterizedTest
    @EnumSource(CacheFormat.class)
    void tokenByTokenIsAsWhole(CacheFormat format) {
        GpuTest.context();
        int[] ids = new Random(5).ints(70, 0, 256).toArray();
        List<float[]> last = new ArrayList<>();
        try (Backend gpu = new CudaBackend(VariantChooser.DEFAULTS);
                Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-qwen3"), gpu, format);
                KvCache cache = decoder.newCache(2, ids.length);
                KvCache.Sequence whole = cache.open();
                KvCache.Sequence cut = cache.open()) {
            Decoder.LogitsConsumer keep = (logits, firstRow) -> last.add(gpu.download(logits));
            decoder.logits(whole, ids, 1, keep);
            for (int id : ids) {
                decoder.logits(cut, new int[] {id}, 1, keep);
            }
        }
        float[] stepped = last.get(last.size() - 1);
        // Sums in another order bring some numbers to the next code.
        assertThat(stepped).containsExactly(last.get(0), within(format.bits() == 4 ? 0.25f : 0.05f));
    }
}
