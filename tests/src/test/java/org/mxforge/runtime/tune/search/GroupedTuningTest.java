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
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Grouped GEMMs are searched, remembered and chosen as GEMMs are, by shapes that count experts. */
class GroupedTuningTest {
    private static final KernelProblem PROBLEM = SampleProblems.of(
            "mxgroupedgemm/v2;pairs=e2m1xe2m1+e3m2xe2m1;groups=g32;epilogue=none;out=bf16;tolerance=exact|mma");
    private static final GroupedShape SHAPE = new GroupedShape(8, 16, 14336, List.of(3072, 1024));
    private static final WisdomKey KEY = new WisdomKey(PROBLEM, Target.SM_80, Samples.DEVICE, SHAPE);
    private static final List<KernelVariant> LEGAL = PROBLEM.variants(Target.SM_80);
    private static final KernelVariant FAST = LEGAL.get(LEGAL.size() - 1);

    @TempDir
    Path folder;

    private final FakeDevice device = device(c -> Behaviour.takes(c.equals(FAST) ? 1 : 1.5));

    private static FakeDevice device(Function<KernelVariant, Behaviour> behaviour) {
        FakeDevice device = new FakeDevice(behaviour);
        device.target = Target.SM_80;
        return device;
    }

    /** What runs where nothing was measured. */
    private static KernelVariant rule(int tokens) {
        return VariantChooser.DEFAULTS.choose(PROBLEM, Target.SM_80, new GroupedShape(8, tokens, SHAPE.n(), SHAPE.k()));
    }

    private Wisdom open() {
        return Wisdom.open(folder, Samples.DEVICE);
    }

    private TunedChooser chooser(TuneMode mode) {
        return chooser(mode, device);
    }

    private TunedChooser chooser(TuneMode mode, FakeDevice on) {
        Wisdom wisdom = open();
        SearchOrder order = CostOrder.of(CostModel.typical(Target.SM_80));
        Tuner tuner = new Tuner(wisdom, on, Plans.WHOLE, order, Progress.SILENT);
        return new TunedChooser(mode, on, wisdom, tuner, Allowance.of(mode, Duration.ofMinutes(1)), Optional.empty());
    }

    @Test
    void whatTheRuleSaysIsTriedFirstAndEverythingAfterIt() {
        assertThat(chooser(TuneMode.FULL).choose(PROBLEM, SHAPE)).isEqualTo(FAST);
        assertThat(device.prepared).containsExactlyInAnyOrderElementsOf(LEGAL);
        assertThat(device.prepared.get(0)).isEqualTo(rule(16)).isNotEqualTo(PROBLEM.usual(Target.SM_80));
    }

    @Test
    void withoutMeasurementsTheRuleDecides() {
        for (TuneMode mode : List.of(TuneMode.OFF, TuneMode.ESTIMATE, TuneMode.FROZEN)) {
            TunedChooser chooser = chooser(mode);
            for (int tokens : List.of(3, 16, 5000)) {
                assertThat(chooser.choose(PROBLEM, new GroupedShape(8, tokens, 512, SHAPE.k())))
                        .isEqualTo(rule(tokens));
            }
            assertThat(chooser.choices().values())
                    .extracting(Choice::origin)
                    .containsOnly(mode == TuneMode.OFF ? Choice.Origin.DEFAULT : Choice.Origin.ESTIMATE);
        }
        assertThat(device.searches).isZero();
    }

    @Test
    void theWinnerIsRememberedForTheBucketAndTheNumberOfExperts() {
        chooser(TuneMode.QUICK).choose(PROBLEM, new GroupedShape(8, 11, SHAPE.n(), SHAPE.k()));
        TunedChooser later = chooser(TuneMode.QUICK);
        assertThat(later.choose(PROBLEM, Target.SM_80, SHAPE)).isEqualTo(FAST);
        assertThat(later.choices()).containsOnlyKeys(KEY);
        assertThat(later.choices().get(KEY).origin()).isEqualTo(Choice.Origin.WISDOM);
        assertThat(device.searches).isEqualTo(1);
        later.choose(PROBLEM, Target.SM_80, new GroupedShape(16, SHAPE.m(), SHAPE.n(), SHAPE.k()));
        assertThat(device.searches).isEqualTo(2);
    }

    @Test
    void otherNumbersOfExpertsAreNeighbours() {
        chooser(TuneMode.QUICK).choose(PROBLEM, SHAPE);
        TunedChooser frozen = chooser(TuneMode.FROZEN);
        GroupedShape near = new GroupedShape(16, SHAPE.m(), SHAPE.n(), SHAPE.k());
        GroupedShape far = new GroupedShape(128, SHAPE.m(), SHAPE.n(), SHAPE.k());
        assertThat(frozen.choose(PROBLEM, near)).isEqualTo(FAST);
        assertThat(frozen.choices().values())
                .containsExactly(new Choice(FAST, Choice.Origin.NEAREST, Optional.empty()));
        assertThat(frozen.choose(PROBLEM, far)).isEqualTo(rule(SHAPE.m()));
    }

    @Test
    void everyTrialReadsBack() throws IOException {
        chooser(TuneMode.FULL).choose(PROBLEM, SHAPE);
        Wisdom wisdom = open();
        assertThat(wisdom.skipped()).isZero();
        assertThat(wisdom.records(KEY)).hasSize(LEGAL.size() + 1);
        assertThat(Files.readAllLines(wisdom.path())).allSatisfy(line -> assertThat(line)
                .contains("\"shape\":\"e8,m16,n14336,k3072+1024\"", "\"spec\":\"mxgroupedgemm/v2;"));
    }

    @Test
    void aWrongCandidateIsRecordedAsSuchAndNeverChosen() {
        FakeDevice wrong = device(c -> c.equals(FAST) ? Behaviour.wrongIn(1) : Behaviour.takes(2));
        assertThat(chooser(TuneMode.FULL, wrong).choose(PROBLEM, SHAPE)).isNotEqualTo(FAST);
        assertThat(open().records(KEY))
                .filteredOn(entry -> entry.variant().equals(FAST))
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.outcome().status()).isEqualTo(WisdomRecord.Outcome.Status.CORRECTNESS));
    }

    @Test
    void withoutARightVariantTheRuleDecides() {
        assertThat(chooser(TuneMode.QUICK, device(c -> Behaviour.wrongIn(1))).choose(PROBLEM, SHAPE))
                .isEqualTo(rule(SHAPE.m()));
    }

    @Test
    void shapesOfOtherKindsAreRefused() throws IOException {
        GemmShape product = new GemmShape(16, SHAPE.n(), SHAPE.k());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chooser(TuneMode.FULL).choose(PROBLEM, product))
                .withMessageContaining("e8,m128,n768,k896+128 for a grouped GEMM");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chooser(TuneMode.FULL)
                        .choose(
                                new KernelProblem(((MxGroupedGemmSpec) PROBLEM.spec()).expert(), OperandLayout.TILED),
                                SHAPE))
                .withMessageContaining("m512,n768,k896+128 for a GEMM");
        chooser(TuneMode.FULL).choose(PROBLEM, SHAPE);
        Path file = open().path();
        Files.writeString(file, Files.readString(file).replace("\"e8,m16,", "\"m16,"));
        assertThat(open().skipped()).isEqualTo(LEGAL.size() + 1);
    }
}
