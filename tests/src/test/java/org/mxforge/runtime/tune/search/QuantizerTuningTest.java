package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Quantizers are searched, remembered and chosen as GEMMs are, by shapes of their own. */
class QuantizerTuningTest {
    private static final KernelProblem PROBLEM = SampleProblems.of(
            "mxquantize/v2;side=activation;formats=e2m1+e3m2;rule=ceil;groups=g32;prologue=rmsnorm;in=fp32;tolerance=exact"
                    + "|containers");
    private static final QuantizeShape SHAPE = new QuantizeShape(512, List.of(12288, 2048));
    private static final WisdomKey KEY = new WisdomKey(PROBLEM, Target.SM_90A, Samples.DEVICE, SHAPE);
    private static final List<KernelVariant> LEGAL = PROBLEM.variants(Target.SM_90A);
    private static final KernelVariant FAST = LEGAL.get(1);

    @TempDir
    Path folder;

    private final FakeDevice device = device(c -> Behaviour.takes(c.equals(FAST) ? 1 : 1.5));

    private static FakeDevice device(Function<KernelVariant, Behaviour> behaviour) {
        FakeDevice device = new FakeDevice(behaviour);
        device.target = Target.SM_90A;
        return device;
    }

    private Wisdom open() {
        return Wisdom.open(folder, Samples.DEVICE);
    }

    private TunedChooser chooser(TuneMode mode) {
        Wisdom wisdom = open();
        SearchOrder order = CostOrder.of(CostModel.typical(Target.SM_90A));
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, order, Progress.SILENT);
        return new TunedChooser(
                mode, device, wisdom, tuner, Allowance.of(mode, Duration.ofMinutes(1)), Optional.empty());
    }

    @Test
    void whatTheRuleSaysIsTriedFirstAndEverythingAfterIt() {
        assertThat(chooser(TuneMode.FULL).choose(PROBLEM, SHAPE)).isEqualTo(FAST);
        assertThat(device.prepared).containsExactlyInAnyOrderElementsOf(LEGAL);
        assertThat(device.prepared.get(0).configuration().get("threads"))
                .as("wide rows")
                .isEqualTo(448);
    }

    @Test
    void theWinnerIsRememberedForTheBucket() {
        chooser(TuneMode.QUICK).choose(PROBLEM, new QuantizeShape(300, SHAPE.k()));
        TunedChooser later = chooser(TuneMode.FROZEN);
        assertThat(later.choose(PROBLEM, Target.SM_90A, new QuantizeShape(511, SHAPE.k())))
                .isEqualTo(FAST);
        assertThat(later.choices()).containsOnlyKeys(KEY);
        assertThat(later.choices().get(KEY).origin()).isEqualTo(Choice.Origin.WISDOM);
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void everyTrialReadsBack() throws IOException {
        chooser(TuneMode.FULL).choose(PROBLEM, SHAPE);
        Wisdom wisdom = open();
        assertThat(wisdom.skipped()).isZero();
        assertThat(wisdom.records(KEY)).hasSize(LEGAL.size() + 1);
        assertThat(Files.readAllLines(wisdom.path())).allSatisfy(line -> assertThat(line)
                .contains("\"shape\":\"m512,k12288+2048\"", "\"spec\":\"mxquantize/v2;"));
    }

    @Test
    void aWrongCandidateIsRecordedAsSuchAndNeverChosen() {
        FakeDevice wrong = device(c -> c.equals(FAST) ? Behaviour.wrongIn(1) : Behaviour.takes(2));
        Wisdom wisdom = open();
        WisdomRecord winner = new Tuner(wisdom, wrong, Plans.WHOLE, SearchOrder.NEAR_DEFAULT, Progress.SILENT)
                .tune(PROBLEM, SHAPE)
                .orElseThrow();
        assertThat(winner.variant()).isNotEqualTo(FAST);
        assertThat(wisdom.records(KEY))
                .filteredOn(entry -> entry.variant().equals(FAST))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.outcome().status()).isEqualTo(WisdomRecord.Outcome.Status.CORRECTNESS));
    }

    @Test
    void withoutMeasurementsTheRuleDecides() {
        QuantizeShape narrow = new QuantizeShape(512, List.of(2048, 2048));
        for (TuneMode mode : List.of(TuneMode.OFF, TuneMode.ESTIMATE, TuneMode.FROZEN)) {
            assertThat(chooser(mode).choose(PROBLEM, SHAPE).configuration().get("threads"))
                    .isEqualTo(448);
            assertThat(chooser(mode).choose(PROBLEM, narrow).configuration().get("threads"))
                    .isEqualTo(256);
        }
        assertThat(device.searches).isZero();
    }

    @Test
    void anotherCutOfAsManyChannelsIsSearchedForInFullModeOnly() {
        chooser(TuneMode.QUICK).choose(PROBLEM, SHAPE);
        QuantizeShape other = new QuantizeShape(SHAPE.m(), List.of(12256, 2080));
        for (TuneMode mode : List.of(TuneMode.QUICK, TuneMode.FROZEN)) {
            TunedChooser chooser = chooser(mode);
            assertThat(chooser.choose(PROBLEM, other)).isEqualTo(FAST);
            assertThat(chooser.choices().values()).extracting(Choice::origin).containsExactly(Choice.Origin.WISDOM);
        }
        assertThat(device.searches).isEqualTo(1);
        chooser(TuneMode.FULL).choose(PROBLEM, other);
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void fewerRowsMakeANearestShape() {
        chooser(TuneMode.QUICK).choose(PROBLEM, SHAPE);
        TunedChooser frozen = chooser(TuneMode.FROZEN);
        assertThat(frozen.choose(PROBLEM, new QuantizeShape(128, SHAPE.k()))).isEqualTo(FAST);
        assertThat(frozen.choices().values())
                .containsExactly(new Choice(FAST, Choice.Origin.NEAREST, Optional.empty()));
    }

    @Test
    void shapesOfTheOtherKindAreRefused() throws IOException {
        GemmShape product = new GemmShape(512, 64, SHAPE.k());
        KernelProblem gemm = Samples.PROBLEM;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chooser(TuneMode.FULL).choose(PROBLEM, product))
                .withMessageContaining("m512,k896+128 for a quantizer");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chooser(TuneMode.FULL).choose(gemm, SHAPE))
                .withMessageContaining("m512,n768,k896+128 for a GEMM");
        chooser(TuneMode.FULL).choose(PROBLEM, SHAPE);
        Path file = open().path();
        Files.writeString(file, Files.readString(file).replace("m512,k", "m512,n64,k"));
        assertThat(open().skipped()).isEqualTo(LEGAL.size() + 1);
    }
}
