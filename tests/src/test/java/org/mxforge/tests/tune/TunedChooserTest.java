package org.mxforge.tests.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mxforge.tests.tune.Samples.KEY;
import static org.mxforge.tests.tune.Samples.LEGAL;
import static org.mxforge.tests.tune.Samples.PLAN;
import static org.mxforge.tests.tune.Samples.SHAPE;
import static org.mxforge.tests.tune.Samples.SPEC;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.tune.Choice;
import org.mxforge.runtime.tune.GemmShape;
import org.mxforge.runtime.tune.SearchOrder;
import org.mxforge.runtime.tune.Timing;
import org.mxforge.runtime.tune.TuneMode;
import org.mxforge.runtime.tune.TunedChooser;
import org.mxforge.runtime.tune.Tuner;
import org.mxforge.runtime.tune.TuningListener;
import org.mxforge.runtime.tune.TuningPlan;
import org.mxforge.runtime.tune.Wisdom;
import org.mxforge.tests.tune.FakeDevice.Behaviour;

class TunedChooserTest {
    private static final Configuration FAST = LEGAL.get(9);

    @TempDir
    Path folder;

    private final FakeDevice device = new FakeDevice(c -> Behaviour.takes(c.equals(FAST) ? 1 : 2));

    private Duration allowance = Duration.ofMinutes(1);

    private TunedChooser chooser(TuneMode mode, TuningPlan plan) {
        Wisdom wisdom = Wisdom.open(folder, FakeDevice.NAME);
        Tuner tuner = new Tuner(wisdom, device, plan, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT);
        return new TunedChooser(mode, device, wisdom, tuner, allowance);
    }

    private Configuration choose(TuneMode mode, TuningPlan plan) {
        return chooser(mode, plan).choose(SPEC, Target.CPU, SHAPE);
    }

    @Test
    void aSearchIsDoneOnceAndRemembered() {
        assertThat(choose(TuneMode.QUICK, PLAN)).isEqualTo(FAST);
        assertThat(choose(TuneMode.QUICK, PLAN)).isEqualTo(FAST);
        assertThat(choose(TuneMode.FULL, PLAN)).isEqualTo(FAST);
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void shapesOfOneBucketShareAChoice() {
        TunedChooser chooser = chooser(TuneMode.QUICK, PLAN);
        chooser.choose(SPEC, Target.CPU, SHAPE);
        chooser.choose(SPEC, Target.CPU, new GemmShape(257, SHAPE.n(), SHAPE.k()));
        assertThat(device.searches).isEqualTo(1);
        assertThat(chooser.choices()).containsOnlyKeys(KEY);
        chooser.choose(SPEC, Target.CPU, new GemmShape(256, SHAPE.n(), SHAPE.k()));
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void offIgnoresWisdomAndFrozenNeverMeasures() {
        assertThat(choose(TuneMode.FROZEN, PLAN)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isZero();
        choose(TuneMode.QUICK, PLAN);
        assertThat(choose(TuneMode.FROZEN, PLAN)).isEqualTo(FAST);
        assertThat(choose(TuneMode.OFF, PLAN)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void fullIsNotContentWithASearchThatRanOutOfTime() {
        assertThat(choose(TuneMode.QUICK, PLAN.within(Duration.ZERO))).isEqualTo(LEGAL.get(0));
        assertThat(choose(TuneMode.QUICK, PLAN)).isEqualTo(LEGAL.get(0));
        assertThat(choose(TuneMode.FULL, PLAN)).isEqualTo(FAST);
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void noSearchBeginsOnceTheAllowanceIsSpent() {
        allowance = Duration.ZERO;
        TunedChooser chooser = chooser(TuneMode.QUICK, PLAN);
        assertThat(chooser.choose(SPEC, Target.CPU, SHAPE)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isZero();
        assertThat(chooser.choices().get(KEY).origin()).isEqualTo(Choice.Origin.DEFAULT);
    }

    @Test
    void aChoiceSaysWhereItCameFrom() {
        TunedChooser first = chooser(TuneMode.QUICK, PLAN);
        first.choose(SPEC, Target.CPU, SHAPE);
        assertThat(first.choices().get(KEY))
                .isEqualTo(new Choice(FAST, Choice.Origin.SEARCH, Optional.of(Timing.of(1, 1, 1, 1, 1))));
        TunedChooser second = chooser(TuneMode.QUICK, PLAN);
        second.choose(SPEC, Target.CPU, SHAPE);
        assertThat(second.choices().get(KEY))
                .isEqualTo(new Choice(FAST, Choice.Origin.WISDOM, Optional.of(Timing.of(1, 1, 1, 1, 1))));
    }

    @Test
    void anotherSourceMakesWisdomVoid() {
        choose(TuneMode.QUICK, PLAN);
        device.version = "b";
        assertThat(choose(TuneMode.FROZEN, PLAN)).isEqualTo(LEGAL.get(0));
        choose(TuneMode.QUICK, PLAN);
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void withoutARightVariantTheDefaultIsUsed() {
        FakeDevice broken = new FakeDevice(c -> Behaviour.wrongIn(1));
        Wisdom wisdom = Wisdom.open(folder, FakeDevice.NAME);
        Tuner tuner = new Tuner(wisdom, broken, PLAN, SearchOrder.NEAR_DEFAULT, TuningListener.SILENT);
        assertThat(new TunedChooser(TuneMode.QUICK, broken, wisdom, tuner, allowance).choose(SPEC, Target.CPU, SHAPE))
                .isEqualTo(LEGAL.get(0));
    }

    @Test
    void anotherTargetIsAProgrammingError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chooser(TuneMode.QUICK, PLAN).choose(SPEC, Target.SM_80, SHAPE));
    }
}
