package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;

/** Algorithms with and without passes compete for one problem. */
class AlgorithmRaceTest {
    private static final CostModel H100 = CostModel.of(Target.SM_90A, "NVIDIA H100 80GB HBM3", 132);

    /** A pass reads 46 MB and writes 59 MB of weights: 26.4 us. */
    private static final GemmShape SHAPE = new GemmShape(8192, 4096, List.of(14336));

    private static final KernelProblem FRAGMENTS = problem("e3m2xe3m2", OperandLayout.FRAGMENTS);
    private static final KernelProblem TILED = problem("e4m3xe4m3", OperandLayout.TILED);

    @TempDir
    private Path folder;

    private static KernelProblem problem(String pairs, OperandLayout layout) {
        KernelSpec spec =
                KernelSpec.parse("mxgemm/v2;pairs=" + pairs + ";groups=g32;epilogue=residual;out=fp32;tolerance=exact");
        return new KernelProblem(spec, layout);
    }

    /** A device on which algorithms take what their names begin with says. */
    private static FakeDevice device(double direct, double containers, double unpack) {
        FakeDevice device = new FakeDevice(variant -> Behaviour.takes(
                switch (variant.algorithm().name()) {
                    case "wgmma_containers", "stream_containers" -> containers;
                    case "unpack_wgmma" -> unpack;
                    default -> direct;
                }));
        device.target = Target.SM_90A;
        return device;
    }

    private Tuner tuner(Wisdom wisdom, FakeDevice device) {
        return new Tuner(wisdom, device, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
    }

    private TunedChooser chooser(TuneMode mode, FakeDevice device) {
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        return new TunedChooser(
                mode,
                device,
                wisdom,
                tuner(wisdom, device),
                Allowance.of(mode, Duration.ofMinutes(1)),
                Optional.of(H100));
    }

    private static String algorithm(TunedChooser chooser, KernelProblem problem, GemmShape shape) {
        return chooser.choose(problem, Target.SM_90A, shape).algorithm().name();
    }

    @Test
    void aSearchTimesThemAllPassesIncluded() {
        FakeDevice device = device(1, 0.1, 0.8);
        TunedChooser chooser = chooser(TuneMode.QUICK, device);
        assertThat(algorithm(chooser, FRAGMENTS, SHAPE)).isEqualTo("unpack_wgmma");
        assertThat(algorithm(chooser, FRAGMENTS, new GemmShape(8000, 4096, List.of(14336))))
                .as("the same bucket")
                .isEqualTo("unpack_wgmma");
        assertThat(device.searches).isEqualTo(1);
        assertThat(device.prepared)
                .extracting(variant -> variant.algorithm().name())
                .contains("wgmma_fragments", "stream_fragments", "unpack_wgmma");
        assertThat(chooser(TuneMode.FROZEN, device).choose(FRAGMENTS, Target.SM_90A, SHAPE))
                .as("remembered, and what is known of the kernel alone does not count any more")
                .isEqualTo(chooser.choose(FRAGMENTS, Target.SM_90A, SHAPE));
    }

    @ParameterizedTest
    @CsvSource({"0.90, 0.87, unpack_wgmma", "0.90, 0.88, wgmma_fragments", "0.14, 0.11, unpack_wgmma"})
    void searchesOfTheKernelAloneCountWithTheTimeOfItsPasses(double decoding, double behind, String chosen) {
        FakeDevice device = device(decoding, behind, 9);
        Tuner tuner = tuner(Wisdom.open(folder, Samples.DEVICE), device);
        tuner.tune(FRAGMENTS.within(KernelProblem.Scope.DIRECT), SHAPE);
        tuner.tune(problem("e3m2xe3m2", OperandLayout.CONTAINERS), SHAPE);
        TunedChooser chooser = chooser(TuneMode.QUICK, device);
        assertThat(algorithm(chooser, FRAGMENTS, SHAPE)).startsWith(chosen);
        assertThat(device.searches).as("nothing more is measured").isEqualTo(2);
        Choice choice = chooser.choices().values().iterator().next();
        assertThat(choice.origin()).isEqualTo(chosen.startsWith("unpack") ? Choice.Origin.PARTS : Choice.Origin.WISDOM);
        assertThat(choice.measured().isPresent())
                .as("a reckoned pass is no measurement")
                .isEqualTo(choice.origin() == Choice.Origin.WISDOM);
    }

    @Test
    void whatWasMeasuredIsNotDisplacedByAHope() {
        FakeDevice device = device(0.9, 0.1, 0.1);
        tuner(Wisdom.open(folder, Samples.DEVICE), device).tune(FRAGMENTS.within(KernelProblem.Scope.DIRECT), SHAPE);
        assertThat(algorithm(chooser(TuneMode.FROZEN, device), FRAGMENTS, SHAPE))
                .endsWith("_fragments");
    }

    @Test
    void aFullSearchGoesOnWhereAnAlgorithmWasLeftOut() {
        FakeDevice device = device(0.9, 0.1, 0.1);
        tuner(Wisdom.open(folder, Samples.DEVICE), device).tune(FRAGMENTS.within(KernelProblem.Scope.DIRECT), SHAPE);
        assertThat(algorithm(chooser(TuneMode.FULL, device), FRAGMENTS, SHAPE)).isEqualTo("unpack_wgmma");
    }

    @ParameterizedTest
    @CsvSource({
        "FROZEN, 1, mma",
        "FROZEN, 16, mma",
        "FROZEN, 32, expand_wgmma",
        "FROZEN, 2048, expand_wgmma",
        "OFF, 1, mma",
        "OFF, 16, mma",
        "OFF, 32, expand_wgmma",
        "OFF, 2048, expand_wgmma"
    })
    void withoutAMeasurementTheCostModelWeighsThem(TuneMode mode, int m, String chosen) {
        assertThat(algorithm(chooser(mode, device(1, 1, 1)), TILED, new GemmShape(m, 4096, List.of(4096))))
                .isEqualTo(chosen);
    }

    @Test
    void aProblemForPortableKernelsGetsThemAlone() {
        KernelProblem portable = TILED.within(KernelProblem.Scope.PORTABLE);
        TunedChooser chooser = chooser(TuneMode.QUICK, device(1, 1, 1));
        assertThat(algorithm(chooser, portable, SHAPE)).isEqualTo("mma");
        assertThat(portable.variants(Target.SM_90A))
                .extracting(KernelVariant::algorithm)
                .extracting("name")
                .containsOnly("mma");
    }
}
