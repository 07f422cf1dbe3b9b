package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;

/** Whole models on the CPU over quantized caches: against the reference, and what quantizing costs. */
class QuantizedCacheTest {
    /** Mean negative log likelihood of the bundled text in windows of 256 over a cache that is not quantized, see CpuModelTest. */
    private static final double UNQUANTIZED = 3.7485743;

    @TempDir
    static Path folder;

    private static Backend backend;
    private static Checkpoint demo;

    @BeforeAll
    static void open() {
        backend = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(folder.resolve("cache")));
        demo = Checkpoint.open(BundledModel.checkpoint(folder.resolve("demo")));
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    /** Sums in another order may bring a number to the next code. */
    @ParameterizedTest
    @EnumSource(CacheFormat.class)
    void logitsAreThoseOfTheReference(CacheFormat format) {
        for (String name : List.of("fx-llama", "fx-qwen3")) {
            List<float[]> ours = logits(name, backend, format);
            List<float[]> reference = logits(name, new ReferenceBackend(), format);
            assertThat(ours).hasSize(2);
            for (int i = 0; i < ours.size(); i++) {
                assertThat(ours.get(i)).as(name).containsExactly(reference.get(i), within(0.01f));
            }
        }
    }

    /** Of the last token of a prompt, and of one more. */
    private static List<float[]> logits(String name, Backend backend, CacheFormat format) {
        int[] ids = new Random(5).ints(40, 0, 256).toArray();
        List<float[]> last = new ArrayList<>();
        try (Decoder decoder = Decoder.load(Fixtures.checkpoint(name), backend, format);
                KvCache cache = decoder.newCache(1, 41);
                KvCache.Sequence text = cache.open()) {
            Decoder.LogitsConsumer keep = (logits, firstRow) -> last.add(backend.download(logits));
            decoder.logits(text, ids, 1, keep);
            decoder.logits(text, new int[] {7}, 1, keep);
        }
        return last;
    }

    /** By how much perplexity grows; on so short a text, what 8 bits cost is less than chance. */
    @ParameterizedTest
    @CsvSource({"MXFP8, -0.004, 0.004", "INT8, -0.001, 0.001", "MXFP4, 0.005, 0.04", "INT4, 0.005, 0.04"})
    void whatQuantizingCosts(CacheFormat format, double least, double most) {
        int[] ids = demo.tokenizer().encode(BundledModel.evaluationText());
        try (Decoder decoder = Decoder.load(demo, backend, format)) {
            double nll = new Perplexity(256, 4).meanNll(decoder, ids, tokens -> {});
            assertThat(Math.exp(nll - UNQUANTIZED) - 1).isBetween(least, most);
        }
    }
}
