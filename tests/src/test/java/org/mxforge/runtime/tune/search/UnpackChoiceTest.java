package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.UnpackChoice;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;

class UnpackChoiceTest {
    /** An H100's. */
    private static final UnpackChoice CHOICE = new UnpackChoice(3.35e12);

    /** The pass reads 46 MB and writes 59 MB of weights: 26.4 us. */
    private static final GemmShape SHAPE = new GemmShape(8192, 4096, List.of(14336));

    private static KernelProblem problem(String pairs, OperandLayout layout) {
        KernelSpec spec = KernelSpec.parse(
                "mxgemm/v2;pairs=" + pairs + ";groups=g32;epilogue=residual;out=fp32;tolerance=within4");
        return new KernelProblem(spec, layout);
    }

    private static final KernelProblem FRAGMENTS = problem("e3m2xe3m2", OperandLayout.FRAGMENTS);

    private final List<KernelProblem> asked = new ArrayList<>();

    private boolean pays(KernelProblem problem, GemmShape shape, OptionalDouble decoding, OptionalDouble behind) {
        return CHOICE.pays(problem, shape, (kernel, size) -> {
            asked.add(kernel);
            assertThat(size).isEqualTo(shape);
            return kernel.equals(problem) ? decoding : behind;
        });
    }

    @ParameterizedTest
    @CsvSource({"0.90, 0.87, true", "0.90, 0.88, false", "0.14, 0.11, true", "0.13, 0.05, false"})
    void paysIfPassAndGemmAreFasterThanDecoding(double decoding, double behind, boolean pays) {
        assertThat(pays(FRAGMENTS, SHAPE, OptionalDouble.of(decoding), OptionalDouble.of(behind)))
                .isEqualTo(pays);
    }

    @Test
    void theGemmBehindIsNotAskedAboutWhereThePassIsTooLong() {
        pays(FRAGMENTS, SHAPE, OptionalDouble.of(0.13), OptionalDouble.of(0.05));
        assertThat(asked).containsExactly(FRAGMENTS);
    }

    @Test
    void theGemmBehindHasTheSameSpecOnContainers() {
        pays(FRAGMENTS, SHAPE, OptionalDouble.of(1), OptionalDouble.of(0.9));
        assertThat(asked).containsExactly(FRAGMENTS, problem("e3m2xe3m2", OperandLayout.CONTAINERS));
        assertThat(UnpackChoice.unpacked(problem("e4m3xe2m1", OperandLayout.FRAGMENTS)))
                .isEqualTo(problem("e4m3xe2m1", OperandLayout.CONTAINERS));
    }

    @Test
    void whatIsNotMeasuredIsNotUnpacked() {
        assertThat(pays(FRAGMENTS, SHAPE, OptionalDouble.empty(), OptionalDouble.of(0.1)))
                .isFalse();
        assertThat(pays(FRAGMENTS, SHAPE, OptionalDouble.of(1), OptionalDouble.empty()))
                .isFalse();
    }

    @Test
    void containersHaveNothingToUnpack() {
        for (String pairs : List.of("e2m3xe2m3", "e2m1xe2m3")) {
            assertThat(pays(problem(pairs, OperandLayout.FRAGMENTS), SHAPE, OptionalDouble.of(9), OptionalDouble.of(0)))
                    .isFalse();
        }
        assertThat(pays(
                        problem("e2m1xe2m1", OperandLayout.CONTAINERS),
                        SHAPE,
                        OptionalDouble.of(9),
                        OptionalDouble.of(0)))
                .isFalse();
        GemmShape noFragments = new GemmShape(8192, 4096, List.of(0, 4096));
        assertThat(pays(
                        problem("e2m1xe2m1+e2m3xe2m3", OperandLayout.FRAGMENTS),
                        noFragments,
                        OptionalDouble.of(9),
                        OptionalDouble.of(0)))
                .isFalse();
        assertThat(asked).isEmpty();
    }

    @Test
    void neverIsNever() {
        assertThat(UnpackChoice.NEVER.pays(FRAGMENTS, SHAPE, (kernel, size) -> OptionalDouble.of(1e9)))
                .isFalse();
    }

    /** Containers are promoted every 256 channels, decoded E3M2 is not: on this device that is what is fast. */
    @Test
    void aTunedChooserGoesByItsSearches(@TempDir Path folder) {
        FakeDevice device = new FakeDevice(
                c -> Behaviour.takes(c.tiling() instanceof WgmmaTiling tiling && tiling.promotion() == 256 ? 0.8 : 1));
        device.target = Target.SM_90A;
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
        TunedChooser chooser = new TunedChooser(TuneMode.QUICK, device, wisdom, tuner, Duration.ofMinutes(1), CHOICE);
        assertThat(chooser.unpacks(FRAGMENTS, Target.SM_90A, SHAPE)).isTrue();
        assertThat(chooser.unpacks(FRAGMENTS, Target.SM_90A, new GemmShape(8000, 4096, List.of(14336))))
                .as("the same bucket")
                .isTrue();
        assertThat(device.searches).isEqualTo(2);
        assertThat(chooser.choices().values()).extracting(Choice::origin).containsOnly(Choice.Origin.SEARCH);
        assertThat(chooser.choices().keySet())
                .extracting(key -> key.problem().layout())
                .containsExactly(OperandLayout.FRAGMENTS, OperandLayout.CONTAINERS);
        TunedChooser off = new TunedChooser(TuneMode.OFF, device, wisdom, tuner, Duration.ofMinutes(1), CHOICE);
        assertThat(off.unpacks(FRAGMENTS, Target.SM_90A, SHAPE)).isFalse();
    }
}
