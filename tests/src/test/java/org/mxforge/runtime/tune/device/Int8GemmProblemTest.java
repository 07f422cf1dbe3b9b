package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.kernel.gemm.Int8GemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.simulate.Simulator;

/** What INT8 kernels are checked on when they are tuned: a right one, in the simulator, passes, and what it did not write right does not. */
class Int8GemmProblemTest {
    private static final GemmShape SHAPE = new GemmShape(37, 48, List.of(176));

    @ParameterizedTest
    @EnumSource
    void rightResultsPassAndOthersDoNot(Epilogue epilogue) {
        for (ScalarType output : List.of(ScalarType.FP32, ScalarType.BF16)) {
            Int8GemmSpec spec = new Int8GemmSpec(epilogue, output);
            Int8GemmProblem problem = Int8GemmProblem.extreme(spec, SHAPE);
            ResultCheck check = problem.check();
            float[] result = simulated(problem);
            assertThat(check.fault(result)).as(spec.text()).isEmpty();
            for (int place : new int[] {0, result.length / 2, result.length - 1}) {
                float right = result[place];
                result[place] = right + 0.02f * Math.abs(right) + 0.01f;
                assertThat(check.fault(result)).as("element %d", place).isPresent();
                result[place] = Float.NaN;
                assertThat(check.fault(result)).as("element %d", place).isPresent();
                result[place] = right;
            }
        }
    }

    private static float[] simulated(Int8GemmProblem problem) {
        Int8GemmSpec spec = problem.spec();
        Simulator gpu = new Simulator(ArtifactCache.user());
        int columns = spec.epilogue().columns(SHAPE.n());
        long d = gpu.allocate("d", SHAPE.m() * columns * spec.output().bytes());
        byte[] operand = ScalarBytes.of(
                problem.epilogueOperand(), spec.epilogue() == Epilogue.BIAS ? ScalarType.BF16 : spec.output());
        gpu.launch(
                KernelVariant.of(spec, Int8GemmKind.FEW, Target.SM_80),
                new Int8GemmArguments(
                        SHAPE.m(),
                        SHAPE.n(),
                        problem.channels(),
                        gpu.upload("a", problem.activationTiles()),
                        gpu.upload("b", problem.weightTiles()),
                        gpu.upload("row scales", ScalarBytes.of(problem.rowScales(), ScalarType.FP32)),
                        gpu.upload("column scales", ScalarBytes.of(problem.columnScales(), ScalarType.FP32)),
                        operand.length == 0 ? 0 : gpu.upload("operand", operand),
                        d));
        return ScalarBytes.values(ByteBuffer.wrap(gpu.download(d)), SHAPE.m() * columns, spec.output());
    }

    /** Of 2,000 rows of a layer: as many codes of each sign, none beyond what a quantizer gives, most of them small. */
    @Test
    void operandsThatAreTimedAreAsQuantizersGiveThem() {
        byte[] codes = Int8GemmProblem.random(
                        new Int8GemmSpec(Epilogue.NONE, ScalarType.BF16), new GemmShape(1, 2000, List.of(128)))
                .weight();
        double sum = 0;
        double squares = 0;
        for (byte code : codes) {
            assertThat((int) code).isBetween(-127, 127);
            sum += code;
            squares += (double) code * code;
        }
        assertThat(sum / codes.length).isBetween(-1.0, 1.0);
        assertThat(Math.sqrt(squares / codes.length)).isBetween(30.0, 45.0);
    }
}
