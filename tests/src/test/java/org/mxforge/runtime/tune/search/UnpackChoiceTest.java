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
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.UnpackChoice;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;

class UnpackChoiceTest {
    /** An H100's. */
    private static final UnpackChoice CHOICE = new UnpackChoice(3.35e12);

    /** The pass reads 46 MB and writes 59 MB of weights: 26.4 us. */
    private static final GemmShape SHAPE = new GemmShape(8192, 4096, List.of(14336));

    private static MxGemmSpec spec(String pairs, String groups) {
        return (MxGemmSpec)
                KernelSpec.parse("mxgemm/v1;pairs=" + pairs + ";groups=" + groups + ";epilogue=residual;out=fp32");
    }

    private static final MxGemmSpec STREAMED = spec("e3m2xe3m2", "g32.streamed");

    private final List<KernelSpec> asked = new ArrayList<>();

    private boolean pays(MxGemmSpec spec, GemmShape shape, OptionalDouble decoding, OptionalDouble behind) {
        return CHOICE.pays(spec, shape, (kernel, size) -> {
            asked.add(kernel);
            assertThat(size).isEqualTo(shape);
            return kernel.equals(spec) ? decoding : behind;
        });
    }

    @ParameterizedTest
    @CsvSource({"0.90, 0.87, true", "0.90, 0.88, false", "0.14, 0.11, true", "0.13, 0.05, false"})
    void paysIfPassAndGemmAreFasterThanDecoding(double decoding, double behind, boolean pays) {
        assertThat(pays(STREAMED, SHAPE, OptionalDouble.of(decoding), OptionalDouble.of(behind)))
                .isEqualTo(pays);
    }

    @Test
    void theGemmBehindIsNotAskedAboutWhereThePassIsTooLong() {
        pays(STREAMED, SHAPE, OptionalDouble.of(0.13), OptionalDouble.of(0.05));
        assertThat(asked).containsExactly(STREAMED);
    }

    @Test
    void theGemmBehindHasTheSameSpecOnContainers() {
        pays(STREAMED, SHAPE, OptionalDouble.of(1), OptionalDouble.of(0.9));
        assertThat(asked).containsExactly(STREAMED, spec("e3m2xe3m2", "g32.folded"));
        assertThat(UnpackChoice.unpacked(spec("e4m3xe2m1", "g32.streamed.relaxed")))
                .isEqualTo(spec("e4m3xe2m1", "g32.folded.relaxed"));
    }

    @Test
    void whatIsNotMeasuredIsNotUnpacked() {
        assertThat(pays(STREAMED, SHAPE, OptionalDouble.empty(), OptionalDouble.of(0.1)))
                .isFalse();
        assertThat(pays(STREAMED, SHAPE, OptionalDouble.of(1), OptionalDouble.empty()))
                .isFalse();
    }

    @Test
    void containersHaveNothingToUnpack() {
        for (String pairs : List.of("e2m3xe2m3", "e2m1xe2m3")) {
            assertThat(pays(spec(pairs, "g32.streamed"), SHAPE, OptionalDouble.of(9), OptionalDouble.of(0)))
                    .isFalse();
        }
        assertThat(pays(spec("e2m1xe2m1", "g32.folded"), SHAPE, OptionalDouble.of(9), OptionalDouble.of(0)))
                .isFalse();
        GemmShape noFragments = new GemmShape(8192, 4096, List.of(0, 4096));
        assertThat(pays(
                        spec("e2m1xe2m1+e2m3xe2m3", "g32.streamed"),
                        noFragments,
                        OptionalDouble.of(9),
                        OptionalDouble.of(0)))
                .isFalse();
        assertThat(asked).isEmpty();
    }

    @Test
    void neverIsNever() {
        assertThat(UnpackChoice.NEVER.pays(STREAMED, SHAPE, (kernel, size) -> OptionalDouble.of(1e9)))
                .isFalse();
    }

    /** Containers are promoted every 256 channels, decoded E3M2 is not: on this device that is what is fast. */
    @Test
    void aTunedChooserGoesByItsSearches(@TempDir Path folder) {
        FakeDevice device = new FakeDevice(c -> Behaviour.takes(c.get("promote") == 256 ? 0.8 : 1));
        device.target = Target.SM_90A;
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
        TunedChooser chooser = new TunedChooser(TuneMode.QUICK, device, wisdom, tuner, Duration.ofMinutes(1), CHOICE);
        assertThat(chooser.unpacks(STREAMED, Target.SM_90A, SHAPE)).isTrue();
        assertThat(chooser.unpacks(STREAMED, Target.SM_90A, new GemmShape(8000, 4096, List.of(14336))))
                .as("the same bucket")
                .isTrue();
        assertThat(device.searches).isEqualTo(2);
        assertThat(chooser.choices().values()).extracting(Choice::origin).containsOnly(Choice.Origin.SEARCH);
        assertThat(chooser.choices().keySet())
                .extracting(key -> ((MxGemmSpec) key.spec()).groups())
                .containsExactly(GroupLayout.STREAMED, GroupLayout.FOLDED);
        TunedChooser off = new TunedChooser(TuneMode.OFF, device, wisdom, tuner, Duration.ofMinutes(1), CHOICE);
        assertThat(off.unpacks(STREAMED, Target.SM_90A, SHAPE)).isFalse();
    }
}
