package org.mxforge.runtime.exec.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Peer;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.model.Generator;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Calibrations;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.tests.gpu.GpuTest;

/** Models that two GPUs share, against the same on one of them. */
@Tag("gpu")
class ShardedBackendGpuTest {
    private List<CudaContext> contexts = List.of();
    private List<Peer> gpus;
    private Backend two;

    @BeforeEach
    void open() {
        GpuTest.context();
        contexts = open(2);
        gpus = new ArrayList<>();
        for (CudaContext context : contexts) {
            context.attach();
            KernelStore kernels = new KernelStore(context, ArtifactCache.user());
            gpus.add(new CudaBackend(context, kernels, VariantChooser.DEFAULTS, Folding.EXACT));
        }
        contexts.get(0).attach();
        two = new ShardedBackend(gpus);
    }

    private static List<CudaContext> open(int count) {
        try {
            return CudaContext.openTogether(count);
        } catch (MxForgeException e) {
            String absence = "TESTS OF TWO GPUS ARE SKIPPED: " + e.getMessage();
            System.err.println(absence);
            Assumptions.abort(absence);
            throw e;
        }
    }

    @AfterEach
    void close() {
        if (two != null) {
            two.close();
        }
    }

    private static Checkpoint checkpoint(String name, String recipe) {
        Checkpoint plain = Fixtures.checkpoint(name);
        Recipe how = Recipe.parse(recipe);
        Optional<CalibrationReport> calibration = how.partitioning()
                .map(partitioning -> Calibrations.random(plain.config().linearSites(), partitioning));
        return how.quantizes() ? new QuantizationPlan(how, plain, calibration).inMemory() : plain;
    }

    private static float[] logits(Checkpoint checkpoint, Backend backend) {
        int[] ids = IntStream.range(0, 128).map(i -> i * 37 % 512).toArray();
        int vocabulary = checkpoint.config().vocabulary();
        float[] all = new float[ids.length * vocabulary];
        try (Decoder decoder = Decoder.load(checkpoint, backend)) {
            decoder.logits(
                    ids,
                    (logits, row) -> System.arraycopy(
                            backend.download(logits), 0, all, row * vocabulary, logits.rows() * vocabulary));
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "fx-llama, bf16, 0.01",
        "fx-qwen2, mxfp8, 0.03",
        "fx-qwen3, mxfp4, 0.1",
        "fx-llama, micromix;granularity=32;p6=32;p8=32, 0.1"
    })
    void logitsAreCloseToThoseOfOneGpu(String name, String recipe, double most) {
        Checkpoint model = checkpoint(name, recipe);
        float[] one = logits(model, gpus.get(0));
        float[] both = logits(model, two);
        double error = 0;
        double size = 0;
        for (int i = 0; i < one.length; i++) {
            error += Math.pow(both[i] - one[i], 2);
            size += Math.pow(one[i], 2);
        }
        System.out.printf("%s %s differs by %.4f%n", name, recipe, Math.sqrt(error / size));
        assertThat(Math.sqrt(error / size)).isLessThan(most);
    }

    /** Sums have one order of parts, whichever GPU has them. */
    @Test
    void itDoesNotMatterWhichGpuIsFirst() {
        Checkpoint model = checkpoint("fx-llama", "mxfp4");
        float[] expected = logits(model, two);
        gpus.get(1).enter();
        try (Backend turned =
                new ShardedBackend(List.of(gpus.get(1).forModel(), gpus.get(0).forModel()))) {
            assertThat(logits(model, turned)).isEqualTo(expected);
        } finally {
            gpus.get(0).enter();
        }
    }

    /** One graph across both; asked one by one, the same tokens come. */
    @ParameterizedTest
    @ValueSource(strings = {"bf16", "mxfp4"})
    void replayedStepsGiveTheTokensOfDirectOnes(String recipe) {
        int[] prompt = {3, 141, 59, 26, 5};
        try (Decoder decoder = Decoder.load(checkpoint("fx-llama", recipe), two);
                KvCache cache = decoder.newCache(1, 64);
                KvCache.Sequence sequence = cache.open()) {
            int[] replayed = new Generator(decoder)
                    .generate(prompt, GenerationOptions.greedy(40), token -> true)
                    .ids();
            int[] direct = new int[replayed.length];
            for (int i = 0; i < direct.length; i++) {
                int[] ids = i == 0 ? prompt : new int[] {direct[i - 1]};
                direct[i] = decoder.sample(sequence, ids, Batch.Choice.GREEDY);
            }
            assertThat(replayed).isEqualTo(direct);
        }
    }

    @Test
    void closingAModelAndFailingGiveMemoryBackOnBoth() {
        try (Decoder decoder = Decoder.load(checkpoint("fx-llama", "mxfp4"), two);
                KvCache cache = decoder.newCache(2, 64)) {
            decoder.sample(cache.open(), new int[] {1, 2, 3}, Batch.Choice.GREEDY);
            List<Long> before = allocated();
            assertThat(before).allMatch(bytes -> bytes > 0);
            // The second is full, so that what the first has taken by then must be given back; idle scratch has made
            // room.
            try (DeviceBuffer others = fill(contexts.get(1))) {
                assertThatThrownBy(() -> decoder.newCache(100_000, 256))
                        .isInstanceOf(MxForgeException.class)
                        .hasMessageContaining("GPU memory does not suffice");
                assertThat(allocated().get(0)).isLessThanOrEqualTo(before.get(0));
                assertThat(allocated().get(1) - others.bytes()).isLessThanOrEqualTo(before.get(1));
            }
            assertThat(decoder.sample(cache.open(), new int[] {1, 2, 3}, Batch.Choice.GREEDY))
                    .isNotNegative();
        }
        assertThat(allocated()).containsOnly(0L);
    }

    private DeviceBuffer fill(CudaContext second) {
        second.attach();
        try {
            return second.allocate("all but a little", second.freeBytes() - (1L << 30));
        } finally {
            contexts.get(0).attach();
        }
    }

    private List<Long> allocated() {
        return contexts.stream().map(CudaContext::allocatedBytes).toList();
    }

    /**
     * As near as a rounding elsewhere leaves it: {@code most} is by how much of itself a recipe's perplexity of this model spreads where
     * embeddings move by at most one unit in the last place, as the measurements have it, rounded up.
     */
    @ParameterizedTest
    @CsvSource({"bf16, 0.001", "mxfp8, 0.003", "mxfp4, 0.011", "micromix;granularity=32, 0.01"})
    void perplexityIsThatOfOneGpu(String recipe, double most) {
        double one = perplexity(recipe, 1);
        double both = perplexity(recipe, 2);
        System.out.printf("perplexity of demo in %s: %.4f on one GPU, %.4f on two%n", recipe, one, both);
        assertThat(both / one).isCloseTo(1, within(most));
    }

    private static double perplexity(String recipe, int gpus) {
        EngineOptions options =
                EngineOptions.defaults().withTuning(TuneMode.OFF).withGpus(gpus);
        try (Engine engine = Engine.open(options);
                Model model = engine.load(BundledModel.open(), Recipe.parse(recipe))) {
            return model.score(BundledModel.evaluationText(), ScoringOptions.defaults())
                    .perplexity();
        }
    }
}
