package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.kernel.gemm.Int8GemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
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
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** GEMMs on INT8 are searched, remembered and chosen as those on other operands are; a rule decides where nothing was measured. */
class Int8TuningTest {
    private static final Int8GemmSpec SPEC = new Int8GemmSpec(Epilogue.RESIDUAL, ScalarType.FP32);
    private static final KernelProblem PROBLEM = new KernelProblem(SPEC, OperandLayout.PLAIN);
    private static final GemmShape SHAPE = new GemmShape(64, 4096, List.of(4096));
    private static final WisdomKey KEY = new WisdomKey(PROBLEM, Target.SM_90A, Samples.DEVICE, SHAPE);

    /** What no rule says. */
    private static final KernelVariant FAST = PROBLEM.variants(Target.SM_90A).stream()
            .filter(variant -> variant.algorithm().name().equals("wgmma")
                    && variant.configuration().get("bm") == 64)
            .findFirst()
            .orElseThrow();

    @TempDir
    Path folder;

    private final FakeDevice device = new FakeDevice(variant -> Behaviour.takes(variant.equals(FAST) ? 1 : 1.5));

    private TunedChooser chooser(TuneMode mode, Target target, Duration allowance) {
        device.target = target;
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        CostModel costs = CostModel.typical(target);
        Tuner tuner = new Tuner(wisdom, device, Plans.WHOLE, CostOrder.of(costs), Progress.SILENT);
        return new TunedChooser(mode, device, wisdom, tuner, Allowance.of(mode, allowance), Optional.of(costs));
    }

    private TunedChooser chooser(TuneMode mode) {
        return chooser(mode, Target.SM_90A, Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SM_90A | 1 | few bk=64,bm=16,bn=32,stages=6,wm=1,wn=2",
                "SM_90A | 33 | few bk=64,bm=16,bn=32,stages=6,wm=1,wn=2",
                "SM_90A | 64 | few bk=64,bm=16,bn=32,stages=6,wm=1,wn=2",
                "SM_90A | 65 | wgmma bm=256,bn=128,promote=0,split=1",
                "SM_90A | 70000 | wgmma bm=256,bn=128,promote=0,split=1",
                "SM_80 | 64 | few bk=64,bm=16,bn=32,stages=6,wm=1,wn=2",
                "SM_80 | 65 | mma bk=32,bm=128,bn=128,stages=3,wm=2,wn=4",
                "SM_86 | 8192 | mma bk=32,bm=128,bn=128,stages=3,wm=2,wn=4",
                "SM_120A | 2048 | mma bk=32,bm=128,bn=128,stages=3,wm=2,wn=4"
            })
    void aRuleDecidesWhereNothingWasMeasured(Target target, int rows, String variant) {
        GemmShape shape = new GemmShape(rows, 6144, List.of(4096));
        for (TuneMode mode : List.of(TuneMode.OFF, TuneMode.ESTIMATE, TuneMode.FROZEN)) {
            assertThat(text(chooser(mode, target, Duration.ofMinutes(1)).choose(PROBLEM, target, shape)))
                    .as(mode.name())
                    .isEqualTo(variant);
        }
        assertThat(text(chooser(TuneMode.QUICK, target, Duration.ZERO).choose(PROBLEM, target, shape)))
                .as("no time for a search")
                .isEqualTo(variant);
        assertThat(device.searches).isZero();
    }

    /** Outputs that wgmma does not store. */
    @Test
    void whatOneAlgorithmCannotDoAnotherDoes() {
        KernelProblem half = new KernelProblem(new Int8GemmSpec(Epilogue.SWIGLU, ScalarType.FP32), OperandLayout.PLAIN);
        assertThat(Int8GemmKind.WGMMA.refusal((Int8GemmSpec) half.spec(), Target.SM_90A))
                .isPresent();
        assertThat(text(chooser(TuneMode.OFF).choose(half, new GemmShape(512, 4096, List.of(64)))))
                .isEqualTo("mma bk=32,bm=128,bn=128,stages=3,wm=2,wn=4");
    }

    private static String text(KernelVariant variant) {
        return variant.algorithm().name() + " " + variant.configuration().text();
    }

    @Test
    void whatTheRuleSaysIsTriedFirstAndTheOthersByWhatIsExpected() {
        CostModel costs = CostModel.typical(Target.SM_90A);
        assertThat(chooser(TuneMode.FULL).choose(PROBLEM, SHAPE)).isEqualTo(FAST);
        KernelVariant usual = PROBLEM.usual(Target.SM_90A, SHAPE);
        assertThat(device.prepared).startsWith(usual).doesNotHaveDuplicates().hasSizeGreaterThan(20);
        List<Double> expected = device.prepared.stream()
                .skip(1)
                .map(variant -> costs.millis(variant, SHAPE).orElseThrow())
                .toList();
        assertThat(expected).isSorted();
        assertThat(costs.millis(usual, SHAPE).orElseThrow()).isGreaterThan(expected.get(0));
    }

    @Test
    void theWinnerIsRememberedForTheBucketAndItsNeighbours() {
        chooser(TuneMode.QUICK).choose(PROBLEM, new GemmShape(40, SHAPE.n(), SHAPE.k()));
        TunedChooser later = chooser(TuneMode.FROZEN);
        assertThat(later.choose(PROBLEM, new GemmShape(63, SHAPE.n(), SHAPE.k())))
                .isEqualTo(FAST);
        assertThat(later.choices().get(KEY).origin()).isEqualTo(Choice.Origin.WISDOM);
        GemmShape wider = new GemmShape(64, 2 * SHAPE.n(), SHAPE.k());
        assertThat(later.choose(PROBLEM, wider)).isEqualTo(FAST);
        assertThat(text(later.choose(PROBLEM, new GemmShape(128, SHAPE.n(), SHAPE.k()))))
                .as("a rule that says something else tells shapes apart")
                .startsWith("wgmma bm=256");
        assertThat(device.searches).isEqualTo(1);
    }

    @Test
    void everyTrialReadsBack() throws IOException {
        chooser(TuneMode.FULL).choose(PROBLEM, SHAPE);
        Wisdom wisdom = Wisdom.open(folder, Samples.DEVICE);
        assertThat(wisdom.skipped()).isZero();
        assertThat(wisdom.records(KEY)).hasSize(device.prepared.size() + 1);
        assertThat(Files.readAllLines(wisdom.path())).allSatisfy(line -> assertThat(line)
                .contains("\"shape\":\"m64,n4096,k4096\"", "\"spec\":\"int8gemm/v1;epilogue=residual;out=fp32\""));
    }

    /** Shapes of another kind, of partitions, that cut 16 bytes, or whose sums do not fit. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "m1,k64 | shape m1,k64 is not one of int8gemm/v1;epilogue=residual;out=fp32",
                "e2,m1,n64,k64 | shape e2,m1,n64,k64 is not one of int8gemm/v1;epilogue=residual;out=fp32",
                "m1,n64,k32+32 | a multiple of 32 where it is packed and of 16 in INT8",
                "m1,n64,k40 | a multiple of 32 where it is packed and of 16 in INT8",
                "m1,n64,k133152 | there is nothing to tune for int8gemm/v1;epilogue=residual;out=fp32 on m1,n64,k133152"
            })
    void otherShapesAreRefused(String shape, String message) {
        Tuning tuning = Tuning.elsewhere(Target.SM_90A, "NVIDIA H200", new Toolchain("0.1.0", "none", "", ""), folder);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tuning.choose(PROBLEM, KernelShape.parse(shape)))
                .withMessageContaining(message);
        assertThat(tuning.choose(PROBLEM, KernelShape.parse("m1,n64,k133136")).spec())
                .as("the most channels there can be")
                .isEqualTo(SPEC);
    }
}
