package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;

/** Bytes and operations of GEMMs, counted by hand. */
class GemmWorkTest {
    private static final GemmShape SHAPE = new GemmShape(10, 6, List.of(64, 32));

    private static KernelProblem problem(String rest) {
        return SampleProblems.of(
                "mxgemm/v2;pairs=e2m1xe3m2+e4m3xe2m1;groups=g32;epilogue=" + rest + ";tolerance=exact|mma");
    }

    @ParameterizedTest
    @CsvSource({
        "none;out=bf16, 120",
        // A bias of BF16 for each column.
        "bias;out=bf16, 132",
        // As large as the result, which is read and written.
        "residual;out=fp32, 480",
        "silumul;out=bf16, 240"
    })
    void operandsAndResultCrossTheMemoryOnce(String rest, long beside) {
        GemmWork work = problem(rest)
                .work(SHAPE)
                .flatMap(found -> found.products().findFirst())
                .orElseThrow();
        // A token: 64 of 4 bits, 32 of 8, three scales; an output channel: 64 of 6 bits, 32 of 4, three scales.
        assertThat(work.bytes()).isEqualTo(10 * (32 + 32 + 3) + 6 * (48 + 16 + 3) + beside);
        assertThat(work.parts().stream().mapToDouble(GemmWork.Part::activationRow))
                .containsExactly(34.0, 33.0);
        assertThat(work.parts().stream().mapToDouble(GemmWork.Part::weightRow)).containsExactly(50.0, 17.0);
        assertThat(work.macs()).isEqualTo(10 * 6 * 96);
    }

    @Test
    void plainElementsHaveNoScales() {
        KernelProblem plain = SampleProblems.of("densegemm/v1;epilogue=none;out=fp32|mma");
        Work work = plain.work(new GemmShape(10, 6, List.of(64))).orElseThrow();
        assertThat(work.bytes()).isEqualTo(16 * 64 * 2 + 10 * 6 * 4);
    }

    @Test
    void shapesThatDoNotFitComeToNothing() {
        assertThat(problem("none;out=bf16").work(new GemmShape(10, 6, List.of(96))))
                .isEmpty();
        assertThat(problem("none;out=bf16").work(new QuantizeShape(10, List.of(64, 32))))
                .isEmpty();
    }
}
