package org.mxforge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaDevice;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.shard.ShardedBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.quant.Recipe;

/** Plans for a GPU that need not be there. */
class MemoryPlanTest {
    private static final long GIB = 1L << 30;

    /** What linear layers of Llama-3.1-8B have. */
    private static final long LINEAR = 32L * 4096 * (2 * 4096 + 2 * 1024 + 3 * 14336);

    private static Decoder.Need need(String shape, String recipe, int sequences, int longest) {
        RandomModel model = ModelShape.named(shape).orElseThrow().make();
        Checkpoint checkpoint = model.quantization(Recipe.parse(recipe)).apply(model.folder());
        try (Backend gpu = CudaBackend.dryRun(h200(), VariantChooser.DEFAULTS, Folding.EXACT)) {
            return Decoder.need(checkpoint, gpu, CacheFormat.BF16, sequences, longest)
                    .orElseThrow();
        }
    }

    private static CudaDevice h200() {
        return new CudaDevice(0, "NVIDIA H200", 90, 132, 233_472, 140 * GIB, 60 << 20, "13.0");
    }

    /** Half of the layers but the output projection, half of the heads; embedding and head are on the first. */
    @Test
    void twoGpusHoldHalfEach() {
        RandomModel model = ModelShape.named("llama-3.1-8b").orElseThrow().make();
        Checkpoint checkpoint = model.quantization(Recipe.parse("mxfp4")).apply(model.folder());
        List<CudaBackend> gpus = Stream.generate(
                        () -> CudaBackend.dryRun(h200(), VariantChooser.DEFAULTS, Folding.EXACT))
                .limit(2)
                .toList();
        try (Backend two = new ShardedBackend(gpus)) {
            Decoder.Need shared =
                    Decoder.need(checkpoint, two, CacheFormat.BF16, 8, 2112).orElseThrow();
            Decoder.Need one = need("llama-3.1-8b", "mxfp4", 8, 2112);
            long embedding = 2L * 128_256 * 4096 * Short.BYTES;
            double own = (LINEAR + 32L * 4096 * 4096) / 2 * 4.25 / 8;
            assertThat((double) (shared.weights() - embedding)).isBetween(own * 0.99, own * 1.02);
            assertThat(shared.cache()).isEqualTo(one.cache() / 2);
            assertThat(shared.workspace()).isLessThan(one.workspace());
        }
    }

    /**
     * Bits of a weight: codes, and a scale for 32 of them, which fragments keep as well, those of 8 bits beside a step; shares come in whole 128
     * channels.
     */
    @ParameterizedTest
    @CsvSource({
        "bf16, 16",
        "mxfp4, 4.25",
        "mxfp6-e3m2, 6.25",
        "mxfp6-e2m3, 8",
        "mxfp8, 8.5",
        "'micromix;shares=70:20:10', 5.05"
    })
    void weightsAreAsLargeAsTheirFormats(String recipe, double bits) {
        Decoder.Need need = need("llama-3.1-8b", recipe, 8, 2112);
        long embedding = 2L * 128_256 * 4096 * Short.BYTES;
        assertThat((double) (need.weights() - embedding)).isBetween(LINEAR * bits / 8 * 0.99, LINEAR * bits / 8 * 1.02);
        // Page 0 is nobody's.
        assertThat(need.cache()).isBetween(8 * 2112 * 131_072L, (8 * 2112 + 512) * 131_072L);
    }

    @Test
    void micromixOfALargeBatchFitsIntoNineGibibytes() {
        Decoder.Need need = need("llama-3.1-8b", "micromix;shares=70:20:10", 8, 2112);
        assertThat(need.workspace()).isLessThan(GIB);
        assertThat(need.weights() + need.cache() + need.workspace()).isLessThan(9 * GIB);
    }

    @Test
    void workspaceDoesNotGrowWithTheBatch() {
        assertThat(need("llama-3.1-8b", "mxfp4", 32, 4096).workspace())
                .isLessThan(need("llama-3.1-8b", "mxfp4", 4, 2048).workspace() + (64 << 20));
        assertThat(need("llama-3.1-8b", "mxfp4", 1, 64).workspace()).isLessThan(256 << 20);
    }

    @Test
    void expertsArePlannedToo() {
        Decoder.Need need = need("mixtral-8x7b", "mxfp4", 1, 2048);
        assertThat(need.weights()).isBetween(23 * GIB, 25 * GIB);
    }

    @Test
    void whatDoesNotFitIsRefusedWithWhatWould() {
        MemoryPlan plan =
                new MemoryPlan("llama in mxfp4", "NVIDIA H200", 8, 2048, 4 * GIB, 8 * GIB, GIB, 10 * GIB, 100 * GIB);
        assertThat(plan.fits()).isFalse();
        assertThat(plan.fittingSequences()).isEqualTo(5);
        assertThat(plan.fittingContext()).isEqualTo(1280);
        assertThatThrownBy(plan::requireFit)
                .isInstanceOf(MxForgeException.class)
                .hasMessage(
                        "llama in mxfp4 for 8 x 2048 tokens takes 13.0 GiB of NVIDIA H200: weights 4.0 GiB, cache 8.0"
                                + " GiB, workspace 1.0 GiB; 10.0 GiB are free beside 100.0 GiB of other programs: 5 x 2048"
                                + " tokens would fit, or 8 x 1280 tokens");
        MemoryPlan large = new MemoryPlan("llama in bf16", "NVIDIA H200", 1, 2048, 16 * GIB, GIB, GIB, 10 * GIB, 0);
        assertThatThrownBy(large::requireFit)
                .hasMessageEndingWith("10.0 GiB are free: use a recipe of fewer bits or a smaller model, or close other"
                        + " programs on the GPU");
        new MemoryPlan("llama", "NVIDIA H200", 1, 1, GIB, GIB, GIB, 3 * GIB, 0).requireFit();
    }
}
