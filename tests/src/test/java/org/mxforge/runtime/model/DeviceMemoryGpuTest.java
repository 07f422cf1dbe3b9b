package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.cuda.CudaBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.tests.gpu.GpuTest;

/** What models take of a GPU's memory, and that they give it back. */
@Tag("gpu")
class DeviceMemoryGpuTest {
    private CudaContext context;
    private Backend gpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        context = CudaContext.openFirst();
        gpu = new CudaBackend(
                context, new KernelStore(context, ArtifactCache.user()), VariantChooser.DEFAULTS, Folding.EXACT);
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private static Checkpoint checkpoint(String recipe) {
        Checkpoint plain = Fixtures.checkpoint("fx-mixtral");
        Recipe how = Recipe.parse(recipe);
        return how.quantizes() ? new QuantizationPlan(how, plain, Optional.empty()).inMemory() : plain;
    }

    private static Decoder load(Backend backend, String recipe) {
        return Decoder.load(checkpoint(recipe), backend);
    }

    @Test
    void closingAModelGivesItsWeightsBack() {
        for (String recipe : List.of("bf16", "mxfp4", "mxfp8")) {
            try (Decoder decoder = load(gpu, recipe);
                    KvCache cache = decoder.newCache(1, 64)) {
                decoder.sample(cache.open(), new int[] {1, 2, 3}, Batch.Choice.GREEDY);
                assertThat(context.allocatedBytes()).isPositive();
                assertThat(gpu.memory().orElseThrow().own()).isEqualTo(context.allocatedBytes());
            }
            assertThat(context.allocatedBytes()).as(recipe).isZero();
        }
    }

    /** The first run of a step is as it is, the second is recorded; from then on the driver is asked for nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"mxfp4", "mxfp8"})
    void stepsTakeNoMemoryFromTheDriver(String recipe) {
        try (Decoder decoder = load(gpu, recipe);
                KvCache cache = decoder.newCache(4, 64);
                Batch prompts = decoder.newBatch(cache, 48, 4);
                DecodeSteps steps = new DecodeSteps(decoder, cache, 4)) {
            long allocations = 0;
            for (int run = 0; run < 4; run++) {
                List<KvCache.Sequence> texts =
                        Stream.generate(cache::open).limit(4).toList();
                int[] next = decoder.sample(
                        prompts,
                        texts.stream()
                                .map(text -> new Batch.Part(text, prompt(), 1))
                                .toList());
                assertThat(next).hasSize(4).doesNotContain(Batch.NONE);
                for (int step = 0; step < 4; step++) {
                    int[] last = next;
                    next = steps.next(Stream.of(0, 1, 2, 3)
                            .map(i -> new Batch.Part(texts.get(i), new int[] {last[i]}, 1))
                            .toList());
                }
                if (run == 1) {
                    allocations = context.allocations();
                }
                texts.forEach(KvCache.Sequence::close);
            }
            assertThat(context.allocations()).isEqualTo(allocations);
            // What was planned is what is taken, but for passes that were not chosen.
            Decoder.Need need = Decoder.need(checkpoint(recipe), gpu, CacheFormat.BF16, 4, 64)
                    .orElseThrow();
            assertThat(context.allocatedBytes())
                    .isGreaterThan(need.weights() + need.cache())
                    .isLessThanOrEqualTo(need.weights() + need.cache() + need.workspace());
        }
    }

    private static int[] prompt() {
        int[] ids = new int[40];
        Arrays.setAll(ids, i -> 7 * i % 200);
        return ids;
    }
}
