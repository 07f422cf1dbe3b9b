package org.mxforge.codegen.kernel.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;
import org.mxforge.runtime.tune.cost.CostModel;

/** Bytes of quantizers, counted by hand: 100 rows of 64 channels in 4 and 32 in 8 bits. */
class QuantizeWorkTest {
    private static final QuantizeShape SHAPE = new QuantizeShape(100, List.of(64, 32));

    private static KernelProblem problem(String rest) {
        return SampleProblems.of("mxquantize/v2;side=activation;formats=e2m1+e4m3;rule=ceil;groups=g32;" + rest);
    }

    @ParameterizedTest
    @CsvSource({
        // Input, reorder index; codes and scales.
        "prologue=none;in=bf16;tolerance=exact|tiled, 19584, 6700",
        // Norm's weight.
        "prologue=rmsnorm;in=fp32;tolerance=exact|rows, 38976, 6700",
        // A second input.
        "prologue=silumul;in=bf16;tolerance=exact|tiled, 38784, 6700",
        // Containers and factors.
        "prologue=none;in=bf16;tolerance=within4|containers, 19584, 10000"
    })
    void bytesReadAndWritten(String rest, long read, long written) {
        Work work = problem(rest).work(SHAPE).orElseThrow();
        assertThat(work.bytes()).isEqualTo(read + written);
        assertThat(work.macs()).isZero();
        // At the 3.35 TB/s of an H100.
        assertThat(CostModel.typical(Target.SM_90A).floor(work)).isEqualTo(1e3 * work.bytes() / 3.35e12);
    }

    @Test
    void shapesThatDoNotFitComeToNothing() {
        KernelProblem problem = problem("prologue=none;in=bf16;tolerance=exact|tiled");
        assertThat(problem.work(new QuantizeShape(100, List.of(64)))).isEmpty();
        assertThat(problem.work(new GemmShape(100, 8, List.of(64, 32)))).isEmpty();
    }
}
