package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mxforge.runtime.tune.wisdom.Samples.KEY;
import static org.mxforge.runtime.tune.wisdom.Samples.LEGAL;
import static org.mxforge.runtime.tune.wisdom.Samples.PROBLEM;
import static org.mxforge.runtime.tune.wisdom.Samples.SHAPE;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

class TunedChooserTest {
    private static final KernelVariant FAST = LEGAL.get(9);

    @TempDir
    Path folder;

    private final FakeDevice device = new FakeDevice(c -> Behaviour.takes(c.equals(FAST) ? 1 : 2));

    private Duration allowance = Duration.ofMinutes(1);

    private TunedChooser chooser(TuneMode mode, TuningPlan plan) {
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        Tuner tuner = new Tuner(wisdom, device, plan, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
        return new TunedChooser(mode, device, wisdom, tuner, Allowance.of(mode, allowance), Optional.empty());
    }

    private KernelVariant choose(TuneMode mode, TuningPlan plan) {
        return chooser(mode, plan).choose(PROBLEM, Target.CPU, SHAPE);
    }

    @Test
    void aSearchIsDoneOnceAndRemembered() {
        assertThat(choose(TuneMode.QUICK, Plans.WHOLE)).isEqualTo(FAST);
        assertThat(choose(TuneMode.QUICK, Plans.WHOLE)).isEqualTo(FAST);
        assertThat(choose(TuneMode.FULL, Plans.WHOLE)).isEqualTo(FAST);
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void shapesOfOneBucketShareAChoice() {
        TunedChooser chooser = chooser(TuneMode.QUICK, Plans.WHOLE);
        chooser.choose(PROBLEM, Target.CPU, SHAPE);
        chooser.choose(PROBLEM, Target.CPU, new GemmShape(257, SHAPE.n(), SHAPE.k()));
        assertThat(device.searches).isEqualTo(1);
        assertThat(chooser.choices()).containsOnlyKeys(KEY);
        chooser.choose(PROBLEM, Target.CPU, new GemmShape(256, SHAPE.n(), SHAPE.k()));
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void offIgnoresWisdomAndFrozenNeverMeasures() {
        assertThat(choose(TuneMode.FROZEN, Plans.WHOLE)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isZero();
        choose(TuneMode.QUICK, Plans.WHOLE);
        assertThat(choose(TuneMode.FROZEN, Plans.WHOLE)).isEqualTo(FAST);
        assertThat(choose(TuneMode.OFF, Plans.WHOLE)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void anEstimateIsTheFirstOfTheOrderWithoutWisdomOrMeasurement() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        assertThat(choose(TuneMode.ESTIMATE, Plans.WHOLE)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isEqualTo(1);
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        SearchOrder backwards = new SearchOrder() {
            @Override
            public List<KernelVariant> order(KernelProblem problem, Target target, KernelShape shape) {
                return List.of(LEGAL.get(5), LEGAL.get(0));
            }

            @Override
            public Choice.Origin origin() {
                return Choice.Origin.ESTIMATE;
            }
        };
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, backwards, Progress.SILENT);
        TunedChooser chooser = new TunedChooser(
                TuneMode.ESTIMATE, device, wisdom, tuner, Allowance.of(TuneMode.ESTIMATE, allowance), Optional.empty());
        assertThat(chooser.choose(PROBLEM, Target.CPU, SHAPE)).isEqualTo(LEGAL.get(5));
        assertThat(chooser.choices().get(KEY))
                .isEqualTo(new Choice(LEGAL.get(5), Choice.Origin.ESTIMATE, Optional.empty()));
    }

    @Test
    void withoutASearchTheNearestShapeLendsItsWinner() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        GemmShape near = new GemmShape(SHAPE.m(), 2 * SHAPE.n(), SHAPE.k());
        GemmShape far = new GemmShape(16 * SHAPE.m(), SHAPE.n(), SHAPE.k());
        TunedChooser chooser = chooser(TuneMode.FROZEN, Plans.WHOLE);
        assertThat(chooser.choose(PROBLEM, Target.CPU, near)).isEqualTo(FAST);
        assertThat(chooser.choices().values())
                .containsExactly(new Choice(FAST, Choice.Origin.NEAREST, Optional.empty()));
        assertThat(chooser.choose(PROBLEM, Target.CPU, far)).as("too far").isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void aNeighbourIsWarnedOfWhereItRunsAndNotWhereASearchFollows() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        GemmShape near = new GemmShape(SHAPE.m(), 2 * SHAPE.n(), SHAPE.k());
        assertThat(warnings(() -> chooser(TuneMode.QUICK, Plans.WHOLE).choose(PROBLEM, Target.CPU, near)))
                .isEmpty();
        GemmShape other = new GemmShape(SHAPE.m(), SHAPE.n() / 2, SHAPE.k());
        assertThat(warnings(() -> chooser(TuneMode.FROZEN, Plans.WHOLE).choose(PROBLEM, Target.CPU, other)))
                .singleElement()
                .asString()
                .contains("the first is m");
    }

    private static List<String> warnings(Runnable work) {
        Logger logger = Logger.getLogger(TunedChooser.class.getName());
        List<String> warnings = new ArrayList<>();
        Handler handler = new StreamHandler() {
            @Override
            public synchronized void publish(LogRecord entry) {
                warnings.add(new SimpleFormatter().formatMessage(entry));
            }
        };
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return warnings;
    }

    @Test
    void ofNeighboursThoseCountForWhichTheSameWouldBeGuessed() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        SearchOrder byColumns =
                (problem, target, shape) -> List.of(LEGAL.get(shape.columns().orElseThrow() > 3 * SHAPE.n() ? 5 : 4));
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, byColumns, Progress.SILENT);
        TunedChooser chooser = new TunedChooser(
                TuneMode.FROZEN, device, wisdom, tuner, Allowance.of(TuneMode.FROZEN, allowance), Optional.empty());
        GemmShape alike = new GemmShape(SHAPE.m(), 2 * SHAPE.n(), SHAPE.k());
        GemmShape unlike = new GemmShape(SHAPE.m(), 4 * SHAPE.n(), SHAPE.k());
        assertThat(chooser.choose(PROBLEM, Target.CPU, alike)).isEqualTo(FAST);
        assertThat(chooser.choose(PROBLEM, Target.CPU, unlike)).isEqualTo(LEGAL.get(5));
    }

    @Test
    void anotherCompilerMakesWisdomANeighbourAndLeavesItOnRecord() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        int before = Wisdom.open(folder, Samples.DEVICE).records(KEY).size();
        device.toolchain = new Toolchain("0.1.0", "fakec 2", "-O9", "driver 7");
        TunedChooser frozen = chooser(TuneMode.FROZEN, Plans.WHOLE);
        assertThat(frozen.choose(PROBLEM, Target.CPU, SHAPE)).isEqualTo(FAST);
        assertThat(frozen.choices().get(KEY).origin()).isEqualTo(Choice.Origin.NEAREST);
        choose(TuneMode.QUICK, Plans.WHOLE);
        assertThat(device.searches).isEqualTo(2);
        assertThat(Wisdom.open(folder, Samples.DEVICE).records(KEY)).hasSize(2 * before);
    }

    @Test
    void anotherDriverOrToolKeepsWisdom() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        device.toolchain = new Toolchain("0.9.0", "fakec 1", "-O9", "driver 8");
        assertThat(choose(TuneMode.FULL, Plans.WHOLE)).isEqualTo(FAST);
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void fullIsNotContentWithASearchThatRanOutOfTime() {
        assertThat(choose(TuneMode.QUICK, Plans.NO_TIME)).isEqualTo(LEGAL.get(0));
        assertThat(choose(TuneMode.QUICK, Plans.WHOLE)).isEqualTo(LEGAL.get(0));
        assertThat(choose(TuneMode.FULL, Plans.WHOLE)).isEqualTo(FAST);
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void noSearchBeginsOnceTheAllowanceIsSpent() {
        allowance = Duration.ZERO;
        TunedChooser chooser = chooser(TuneMode.QUICK, Plans.WHOLE);
        assertThat(chooser.choose(PROBLEM, Target.CPU, SHAPE)).isEqualTo(LEGAL.get(0));
        assertThat(device.searches).isZero();
        assertThat(chooser.choices().get(KEY).origin()).isEqualTo(Choice.Origin.DEFAULT);
    }

    @Test
    void aChoiceSaysWhereItCameFrom() {
        TunedChooser first = chooser(TuneMode.QUICK, Plans.WHOLE);
        first.choose(PROBLEM, Target.CPU, SHAPE);
        assertThat(first.choices().get(KEY))
                .isEqualTo(new Choice(FAST, Choice.Origin.SEARCH, Optional.of(Timing.of(1, 1, 1, 1, 1))));
        TunedChooser second = chooser(TuneMode.QUICK, Plans.WHOLE);
        second.choose(PROBLEM, Target.CPU, SHAPE);
        assertThat(second.choices().get(KEY))
                .isEqualTo(new Choice(FAST, Choice.Origin.WISDOM, Optional.of(Timing.of(1, 1, 1, 1, 1))));
    }

    @Test
    void anotherSourceMakesWisdomVoid() {
        choose(TuneMode.QUICK, Plans.WHOLE);
        device.version = "b";
        assertThat(choose(TuneMode.FROZEN, Plans.WHOLE)).isEqualTo(LEGAL.get(0));
        choose(TuneMode.QUICK, Plans.WHOLE);
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void withoutARightVariantTheDefaultIsUsed() {
        FakeDevice broken = new FakeDevice(c -> Behaviour.wrongIn(1));
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        Tuner tuner = new Tuner(wisdom, broken, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT);
        assertThat(new TunedChooser(
                                TuneMode.QUICK,
                                broken,
                                wisdom,
                                tuner,
                                Allowance.of(TuneMode.QUICK, allowance),
                                Optional.empty())
                        .choose(PROBLEM, Target.CPU, SHAPE))
                .isEqualTo(LEGAL.get(0));
    }

    @Test
    void anotherTargetIsAProgrammingError() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chooser(TuneMode.QUICK, Plans.WHOLE).choose(PROBLEM, Target.SM_80, SHAPE));
    }
}
