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
import org.mxforge.codegen.kernel.attention.AttentionKind;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.FakeDevice.Behaviour;
import org.mxforge.runtime.tune.wisdom.Samples;
import org.mxforge.runtime.tune.wisdom.Wisdom;

/** Attention is searched, remembered and chosen by shapes of its own; a rule decides where nothing was measured. */
class AttentionTuningTest {
    private static final KernelProblem PROBLEM = problem(128);
    private static final KernelShape STEP = KernelShape.parse("b1,q1,c2048,h32/8");
    private static final KernelShape PROMPT = KernelShape.parse("b8,q2048,c2048,h32/8");

    @TempDir
    Path folder;

    private static KernelProblem problem(int head) {
        return new KernelProblem(new AttentionSpec(head), OperandLayout.PLAIN);
    }

    private TunedChooser chooser(TuneMode mode, FakeDevice device) {
        device.target = Target.SM_90A;
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        SearchOrder order = CostOrder.of(CostModel.typical(Target.SM_90A));
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, order, Progress.SILENT);
        return new TunedChooser(
                mode, device, wisdom, tuner, Allowance.of(mode, Duration.ofMinutes(1)), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SM_90A | 128 | b8,q2048,c2048,h32/8 | wgmma",
                "SM_90A | 64 | b1,q2,c2048,h32/32 | wgmma",
                "SM_90A | 96 | b8,q2048,c2048,h32/32 | wgmma",
                "SM_90A | 80 | b1,q16,c16,h32/32 | wgmma",
                "SM_90A | 48 | b8,q2048,c2048,h32/32 | mma",
                "SM_100A | 96 | b8,q2048,c2048,h32/32 | mma",
                "SM_90A | 256 | b8,q2048,c2048,h16/8 | rows",
                "SM_80 | 128 | b1,q16,c16,h64/1 | mma",
                "SM_80 | 128 | b1,q16,c16,h128/1 | rows",
                "SM_90A | 128 | b32,q1,c512,h32/8 | stream",
                "SM_120A | 80 | b1,q1,c512,h32/32 | stream",
                "SM_90A | 128 | b1,q1,c512,h32/1 | parts",
                "SM_90A | 128 | b32,q1,c512,h32/1 | rows"
            })
    void aRuleDecidesWhereNothingWasMeasured(Target target, int head, String shape, String algorithm) {
        KernelVariant usual = VariantChooser.DEFAULTS.choose(problem(head), target, KernelShape.parse(shape));
        assertThat(usual.algorithm().name()).isEqualTo(algorithm);
        assertThat(SearchOrder.NEAR_DEFAULT
                        .order(problem(head), target, KernelShape.parse(shape))
                        .get(0))
                .isEqualTo(usual);
    }

    @ParameterizedTest
    @CsvSource({"1, 8", "2, 8", "4, 4", "8, 2", "16, 1", "64, 1"})
    void fewSequencesAreCutIntoParts(int batch, int parts) {
        AttentionShape shape = new AttentionShape(batch, 1, 2048, 32, 8, Integer.MAX_VALUE);
        KernelVariant usual = VariantChooser.DEFAULTS.choose(PROBLEM, Target.SM_90A, shape);
        assertThat(usual.configuration().get("parts")).isEqualTo(parts);
    }

    @Test
    void tilesThatHaveNoRoomForTheHeadsThatShareKeysAreNotTried() {
        KernelShape shape = KernelShape.parse("b1,q64,c64,h128/1");
        List<KernelVariant> worth = SearchOrder.NEAR_DEFAULT.order(PROBLEM, Target.SM_90A, shape);
        assertThat(worth)
                .extracting(variant -> variant.algorithm().name())
                .contains("wgmma", "mma", "rows")
                .doesNotContain("stream");
        assertThat(worth)
                .filteredOn(variant -> variant.algorithm().name().equals("mma"))
                .allMatch(variant -> variant.configuration().get("bm") == 128);
    }

    @Test
    void allAlgorithmsAreTriedAndTheFastestIsRemembered() {
        KernelVariant fast = KernelVariant.of(new AttentionSpec(128), AttentionKind.MMA, Target.SM_90A);
        FakeDevice device = new FakeDevice(variant -> Behaviour.takes(variant.equals(fast) ? 1 : 1.5));
        assertThat(chooser(TuneMode.FULL, device).choose(PROBLEM, PROMPT)).isEqualTo(fast);
        assertThat(device.prepared).containsExactlyInAnyOrderElementsOf(PROBLEM.variants(Target.SM_90A));
        TunedChooser later = chooser(TuneMode.FROZEN, device);
        assertThat(later.choose(PROBLEM, KernelShape.parse("b7,q2000,c2001,h32/8")))
                .isEqualTo(fast);
        assertThat(later.choose(PROBLEM, STEP).algorithm())
                .as("a step is too far from a prompt")
                .isEqualTo(AttentionKind.STREAM);
        assertThat(device.searches).isEqualTo(1);
    }
}
