package org.mxforge.runtime.exec.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.exec.cpu.CpuBackend;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.SampleExperts;
import org.mxforge.runtime.exec.spi.SeparateExperts;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.GpuTest;

/** All experts of a layer in grouped GEMMs, against the CPU, which runs one after the other; what is added to the residual stream. */
@Tag("gpu")
class GroupedExpertsGpuTest {
    /** Formats whose scales can be folded into FP8. */
    private static final SampleExperts NARROW = new SampleExperts(
            ChannelSplit.parse("e2m1xe2m1:128/32"), ChannelSplit.parse("e2m1xe2m1:128+e3m2xe3m2:32/32"), true);

    /** With 8-bit parts, whose scales cannot: many tokens go through BF16 where scales are folded. */
    private static final SampleExperts WIDE = new SampleExperts(
            ChannelSplit.parse("e2m1xe2m1:32+e4m3xe4m3:96/32"),
            ChannelSplit.parse("e2m1xe2m1:64+e3m2xe2m1:32+e4m3xe4m3:64/32"),
            true);

    private final Set<KernelProblem> launched = new HashSet<>();
    private Backend cpu;

    @BeforeEach
    void open() {
        GpuTest.context();
        cpu = new CpuBackend(2, VariantChooser.DEFAULTS);
    }

    @AfterEach
    void close() {
        if (cpu != null) {
            cpu.close();
        }
    }

    private Backend gpu(Folding folding, VariantChooser chooser) {
        CudaContext context = CudaContext.openFirst();
        return new CudaBackend(
                context,
                new KernelStore(context, ArtifactCache.user()),
                (problem, target, shape) -> {
                    launched.add(problem);
                    // Few tokens reach as many as they are sent to.
                    assertThat(shape.experts())
                            .isBetween(
                                    problem.spec() instanceof MxGroupedGemmSpec ? SampleExperts.PER_TOKEN : 1,
                                    problem.spec() instanceof MxGroupedGemmSpec ? SampleExperts.EXPERTS : 1);
                    return chooser.choose(problem, target, shape);
                },
                folding);
    }

    /** Tall tiles however few tokens an expert has; the defaults have low ones for few. */
    private static final VariantChooser TALL = (problem, target, shape) -> problem.usual(target);

    /** Passes before the product, where there are any. */
    private static final VariantChooser PASSES =
            (problem, target, shape) -> problem.algorithmsWithPasses(target).stream()
                    .findFirst()
                    .map(algorithm -> KernelVariant.of(problem.spec(), algorithm, target))
                    .orElseGet(() -> problem.usual(target));

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 64, 200, 1200})
    void narrowFormats(int rows) {
        assertGrouped(NARROW, Folding.EXACT, rows);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 64, 200, 1200})
    void wideFormats(int rows) {
        assertGrouped(WIDE, Folding.EXACT, rows);
    }

    @ParameterizedTest
    @EnumSource
    void everyFolding(Folding folding) {
        assertGrouped(NARROW, folding, 64);
        assertGrouped(WIDE, folding, 64);
    }

    private void assertGrouped(SampleExperts sample, Folding folding, int rows) {
        float[] wanted = sample.run(cpu, cpu.experts(sample, SampleExperts.PER_TOKEN), rows);
        for (VariantChooser chooser : new VariantChooser[] {VariantChooser.DEFAULTS, TALL, PASSES}) {
            launched.clear();
            try (Backend gpu = gpu(folding, chooser)) {
                float[] got = sample.run(gpu, gpu.experts(sample, SampleExperts.PER_TOKEN), rows);
                assertThat(launched)
                        .filteredOn(problem -> problem.spec() instanceof MxGroupedGemmSpec)
                        .isNotEmpty()
                        .allSatisfy(problem -> assertThat(problem.layout()).isEqualTo(layout(sample, folding)));
                assertThat(launched).extracting(KernelProblem::spec).doesNotHaveAnyElementsOfTypes(MxGemmSpec.class);
                assertNear(got, wanted);
                float[] apart = sample.run(gpu, new SeparateExperts(gpu, sample, SampleExperts.PER_TOKEN), rows);
                assertClose(got, apart);
            }
        }
    }

    /** How the weights of grouped GEMMs are kept. */
    private static OperandLayout layout(SampleExperts sample, Folding folding) {
        if (GpuTest.context().device().target() != Target.SM_90A || folding == Folding.OFF) {
            return OperandLayout.TILED;
        }
        return sample == NARROW || folding == Folding.LOSSY ? OperandLayout.FRAGMENTS : OperandLayout.MIXED_FRAGMENTS;
    }

    /** The same experts again, with other tokens, on the memory that earlier ones have left. */
    @Test
    void batchesOfAnySizeFollowEachOther() {
        try (Backend gpu = gpu(Folding.EXACT, VariantChooser.DEFAULTS)) {
            var grouped = gpu.experts(NARROW, SampleExperts.PER_TOKEN);
            var separate = cpu.experts(NARROW, SampleExperts.PER_TOKEN);
            for (int rows : new int[] {300, 1, 64, 2, 300}) {
                assertNear(NARROW.run(gpu, grouped, rows), NARROW.run(cpu, separate, rows));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 40})
    void tokensGoWhereTheirScoresSendThem(int rows) {
        try (Backend gpu = gpu(Folding.EXACT, VariantChooser.DEFAULTS)) {
            var grouped = gpu.experts(NARROW, SampleExperts.PER_TOKEN);
            float[] got = NARROW.routed(gpu, grouped, rows, false);
            assertThat(got).isEqualTo(NARROW.routed(gpu, grouped, rows, true));
            assertNear(got, NARROW.routed(cpu, cpu.experts(NARROW, SampleExperts.PER_TOKEN), rows, false));
        }
    }

    @Test
    void expertsWithInputsOfTheirOwnRunOneAfterTheOther() {
        SampleExperts apart = new SampleExperts(NARROW.outer(), NARROW.inner(), false);
        try (Backend gpu = gpu(Folding.EXACT, VariantChooser.DEFAULTS)) {
            float[] got = apart.run(gpu, gpu.experts(apart, SampleExperts.PER_TOKEN), 64);
            assertThat(launched).isNotEmpty().noneMatch(problem -> problem.spec() instanceof MxGroupedGemmSpec);
            assertNear(got, apart.run(cpu, cpu.experts(apart, SampleExperts.PER_TOKEN), 64));
        }
    }

    /**
     * Products of gate and up are BF16 before they are quantized, which on the CPU they are not: one that lies within 2^-9 of itself from the
     * middle between two codes may get the other, and a group whose largest element lies so near a power of two the other scale. Of
     * normal numbers and of SiLU's products of them in MXFP4 that changes 0.033 and 0.037 of the whole in the mean of squares
     * (NumPy, 4,000 vectors of 256), and of single vectors, as single tokens are, 0.1 and more one in a thousand times.
     */
    private static void assertNear(float[] got, float[] wanted) {
        assertThat(got).hasSameSizeAs(wanted);
        double squares = 0;
        double differences = 0;
        for (int i = 0; i < wanted.length; i++) {
            squares += (double) wanted[i] * wanted[i];
            differences += (double) (got[i] - wanted[i]) * (got[i] - wanted[i]);
        }
        assertThat(squares).isPositive();
        assertThat(Math.sqrt(differences / squares)).isLessThan(0.1);
    }

    /** Each of a token's two results is rounded to BF16; with 8-bit formats folded they may be a thousandth off before. */
    private static void assertClose(float[] got, float[] wanted) {
        assertThat(got).hasSameSizeAs(wanted);
        float largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isPositive();
        for (int i = 0; i < wanted.length; i++) {
            assertThat(got[i]).as("element %d", i).isCloseTo(wanted[i], within(0.01f * largest));
        }
    }
}
