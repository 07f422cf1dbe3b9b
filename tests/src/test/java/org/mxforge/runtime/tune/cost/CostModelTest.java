package org.mxforge.runtime.tune.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;

class CostModelTest {
    private static final List<Target> GPUS = List.of(Target.SM_80, Target.SM_90A, Target.SM_100A, Target.SM_120A);
    private static final KernelProblem PLAIN =
            new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16), OperandLayout.PLAIN);
    private static final KernelProblem INTEGERS =
            new KernelProblem(new Int8GemmSpec(Epilogue.NONE, ScalarType.BF16), OperandLayout.PLAIN);
    private static final GpuModel H200 = GpuModel.of(Target.SM_90A, "NVIDIA H200", 132);

    /** A problem on a GPU. */
    record Problem(KernelProblem kernel, GemmShape shape, Target target) {
        CostModel model() {
            return CostModel.of(GpuModel.typical(target));
        }

        List<KernelVariant> legal() {
            return kernel.variants(target);
        }
    }

    private static KernelProblem mixed(ElementFormat activation, ElementFormat weight) {
        return new KernelProblem(
                MxGemmSpec.exact(List.of(new FormatPair(activation, weight)), Epilogue.NONE, ScalarType.BF16),
                OperandLayout.TILED);
    }

    @Provide
    Arbitrary<Problem> problems() {
        Arbitrary<ElementFormat> formats = Arbitraries.of(ElementFormat.values());
        Arbitrary<KernelProblem> packed = Combinators.combine(formats, formats).as(CostModelTest::mixed);
        Arbitrary<GemmShape> shapes = Combinators.combine(
                        Arbitraries.integers().between(1, 20_000),
                        Arbitraries.integers().between(1, 20_000),
                        Arbitraries.integers().between(1, 500))
                .as((m, n, groups) -> new GemmShape(m, n, List.of(GroupLayout.GROUP * groups)));
        return Combinators.combine(
                        Arbitraries.oneOf(packed, Arbitraries.of(PLAIN, INTEGERS)), shapes, Arbitraries.of(GPUS))
                .as(Problem::new);
    }

    @Property(tries = 200)
    void everyLegalConfigurationHasAnEstimateAboveTheFloor(@ForAll("problems") Problem problem) {
        double floor =
                problem.model().floor(problem.kernel().work(problem.shape()).orElseThrow());
        for (KernelVariant variant : problem.legal()) {
            CostModel.Estimate estimate =
                    problem.model().estimate(variant, problem.shape()).orElseThrow();
            assertThat(estimate.millis()).as(variant.text()).isGreaterThan(floor);
            assertThat(estimate.occupancy()).isPositive();
            assertThat(estimate.sharedBytes())
                    .isLessThanOrEqualTo(problem.target().sharedMemoryPerBlock());
            assertThat(estimate.traffic()).isGreaterThanOrEqualTo(estimate.bytes() * 0.99);
        }
    }

    private static double millis(Problem problem, KernelVariant variant) {
        return problem.model().estimate(variant, problem.shape()).orElseThrow().millis();
    }

    @Property(tries = 200)
    void moreWorkNeverTakesLess(
            @ForAll("problems") Problem problem, @ForAll @IntRange(max = 3000) int more, @ForAll boolean rows) {
        GemmShape shape = problem.shape();
        GemmShape larger = new GemmShape(
                shape.m() + (rows ? more : 0),
                shape.n() + (rows ? 0 : more),
                List.of(shape.k().get(0) + GroupLayout.GROUP));
        Problem harder = new Problem(problem.kernel(), larger, problem.target());
        for (KernelVariant variant : problem.legal()) {
            assertThat(millis(harder, variant)).isGreaterThanOrEqualTo(millis(problem, variant));
        }
    }

    @Property(tries = 100)
    void slowerMemoryNeverHelps(@ForAll("problems") Problem problem) {
        GpuModel gpu = GpuModel.typical(problem.target());
        GpuModel slower = new GpuModel(
                "slower",
                gpu.multiprocessors(),
                gpu.megahertz(),
                gpu.boostMegahertz(),
                gpu.tensor(),
                gpu.warpInstructions(),
                gpu.sharedBytes(),
                gpu.threads(),
                gpu.memoryBandwidth() / 2,
                gpu.cacheBytes(),
                gpu.cacheBandwidth() / 2);
        for (KernelVariant variant : problem.legal()) {
            double slow = CostModel.of(slower)
                    .estimate(variant, problem.shape())
                    .orElseThrow()
                    .millis();
            assertThat(slow).isGreaterThanOrEqualTo(millis(problem, variant));
        }
    }

    @Example
    void widerElementsCostMoreBytes() {
        GemmShape shape = new GemmShape(16, 4096, List.of(4096));
        List<Long> bytes = List.of(ElementFormat.E2M1, ElementFormat.E2M3, ElementFormat.E4M3).stream()
                .map(format -> mixed(format, format).work(shape).orElseThrow().bytes())
                .toList();
        assertThat(bytes).isSorted().doesNotHaveDuplicates();
        assertThat(PLAIN.work(shape).orElseThrow().bytes()).isEqualTo(2L * (16 + 4096) * 4096 + 2L * 16 * 4096);
    }

    @Example
    void variantsOfOtherFamiliesHaveNoEstimate() {
        KernelVariant quantizer = SampleProblems.quantizer("tiled").usual(Target.SM_90A);
        assertThat(CostModel.of(H200).estimate(quantizer, new GemmShape(1, 1, List.of(32))))
                .isEmpty();
    }

    @Example
    void theFloorIsTheLongerOfMovingAndComputing() {
        KernelProblem problem = mixed(ElementFormat.E4M3, ElementFormat.E4M3);
        CostModel costs = CostModel.of(H200);
        Work large = problem.work(new GemmShape(8192, 4096, List.of(4096))).orElseThrow();
        assertThat(costs.floor(large)).isCloseTo(8192 * 4096.0 * 4096 / (132 * 4096 * 1980e3), within(1e-9));
        Work few = problem.work(new GemmShape(1, 4096, List.of(4096))).orElseThrow();
        assertThat(costs.floor(few)).isCloseTo((4097 * 4096 * 33.0 / 32 + 2 * 4096) / 4.8e9, within(1e-9));
    }

    @Example
    void integersTakeAByteEachAndAScaleARow() {
        assertThat(INTEGERS.work(new GemmShape(16, 4096, List.of(48)))
                        .orElseThrow()
                        .bytes())
                .isEqualTo((16 + 4096) * (48L + 4) + 2L * 16 * 4096);
    }

    /** Data sheets: twice the rate of BF16 on an A100, four times on an RTX 3090, that of FP8 on an H200. */
    @Example
    void integersAreMultipliedAtARateOfTheirOwn() {
        Work large = INTEGERS.work(new GemmShape(8192, 4096, List.of(4096))).orElseThrow();
        double macs = 8192 * 4096.0 * 4096;
        assertThat(CostModel.of(Target.SM_80, "NVIDIA A100-SXM4-80GB").floor(large))
                .isCloseTo(1e3 * macs / 312e12, within(1e-3));
        assertThat(CostModel.of(Target.SM_86, "NVIDIA GeForce RTX 3090").floor(large))
                .isCloseTo(1e3 * macs / 142e12, within(0.05));
        assertThat(CostModel.of(H200).floor(large)).isCloseTo(macs / (132 * 4096 * 1980e3), within(1e-9));
    }

    @Example
    void estimatesOfIntegersAreFittedToNothing() {
        GemmShape shape = new GemmShape(16, 4096, List.of(4096));
        assertThat(CostModel.of(H200).isFitted(INTEGERS, shape)).isFalse();
        assertThat(CostModel.of(H200).isFitted(PLAIN, shape)).isTrue();
    }

    @Example
    void aGpuIsKnownByItsDriversName() {
        assertThat(GpuModel.knows("NVIDIA H200")).isTrue();
        assertThat(GpuModel.knows("NVIDIA H200 NVL")).isFalse();
        assertThat(GpuModel.of(Target.SM_90A, "NVIDIA H200 NVL", 132)).isEqualTo(H200);
        GpuModel pcie = GpuModel.of(Target.SM_90A, "NVIDIA H100 PCIe", 114);
        assertThat(GpuModel.knows("NVIDIA H100 PCIe")).isTrue();
        // Data sheet: 2 TB/s and 1,513 TFLOP/s, the latter at less than the highest clock.
        assertThat(pcie.memoryBandwidth()).isEqualTo(2e12);
        assertThat(pcie.flopsPerClock(8) * pcie.boostMegahertz() * 1e6).isBetween(1513e12, 1700e12);
        assertThat(GpuModel.of(Target.SM_80, "Some GPU", 50).multiprocessors()).isEqualTo(50);
        assertThat(GpuModel.knows("Some GPU")).isFalse();
    }
}
