package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;
import org.mxforge.runtime.tune.cost.CostModel;

/** Bytes and products of grouped GEMMs, counted by hand: 64 channels in 4 bits. */
class GroupedWorkTest {
    private static final KernelProblem PROBLEM = SampleProblems.grouped("mma");
    /** Codes and scales of a row. */
    private static final int ROW = 32 + 2;

    @Test
    void expertsAreReadOnceAndTheirTokens() {
        Work work = PROBLEM.work(new GroupedShape(2, 1, 100, List.of(64))).orElseThrow();
        assertThat(work.bytes()).isEqualTo(2 * 100 * ROW + 2 * ROW + 2 * 100 * 2);
        assertThat(work.macs()).isEqualTo(2 * 100 * 64);
    }

    @Test
    void theFloorIsThatOfAllExperts() {
        Work work = PROBLEM.work(new GroupedShape(4, 256, 4096, List.of(4096))).orElseThrow();
        Work one = SampleProblems.gemm("mma")
                .work(new GemmShape(256, 4096, List.of(4096)))
                .orElseThrow();
        CostModel model = CostModel.typical(Target.SM_80);
        assertThat(work.macs()).isEqualTo(4 * one.macs());
        assertThat(model.floor(work)).isCloseTo(4 * model.floor(one), within(1e-9));
    }

    @Test
    void shapesThatDoNotFitComeToNothing() {
        assertThat(PROBLEM.work(new GroupedShape(8, 1, 100, List.of(64, 64)))).isEmpty();
        assertThat(PROBLEM.work(new GemmShape(1, 100, List.of(64)))).isEmpty();
    }
}
