package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;

/** What a tuned kind needs beside its home in codegen. */
class TrialKindsTest {
    @Test
    void whateverIsTunedHasTrials() {
        assertThat(KernelKinds.all()).anyMatch(TunedKind.class::isInstance);
        for (KernelKind<KernelSpec> kind : KernelKinds.all()) {
            if (kind instanceof TunedKind<KernelSpec> tuned) {
                assertThat(TrialKinds.of(tuned))
                        .as("a TrialKind for '%s'", kind.stem())
                        .isPresent();
            }
        }
    }

    @Test
    void shapesOfAnotherKindAreNotTried() {
        assertThat(TrialKinds.of(SampleProblems.gemm("mma"), new GemmShape(1, 8, List.of(64))))
                .isPresent();
        assertThat(TrialKinds.of(SampleProblems.gemm("mma"), new QuantizeShape(1, List.of(64))))
                .isEmpty();
    }

    @Test
    void partitionsAreWholeGroups() {
        assertThat(TrialKinds.of(SampleProblems.gemm("mma"), new GemmShape(1, 8, List.of(48))))
                .isEmpty();
        assertThat(TrialKinds.of(SampleProblems.quantizer("tiled"), new QuantizeShape(1, List.of(48))))
                .isEmpty();
    }

    @Test
    void channelsInInt8AreWholePiecesAndOneSum() {
        KernelProblem problem = SampleProblems.of("int8gemm/v1;epilogue=none;out=bf16|few");
        assertThat(TrialKinds.of(problem, new GemmShape(1, 8, List.of(48)))).isPresent();
        assertThat(TrialKinds.of(problem, new GemmShape(1, 8, List.of(40)))).isEmpty();
        assertThat(TrialKinds.of(problem, new GemmShape(1, 8, List.of(32, 32)))).isEmpty();
        assertThat(TrialKinds.of(problem, new GemmShape(1, 8, List.of(133_152))))
                .as("sums beyond INT32")
                .isEmpty();
        assertThat(TrialKinds.of(problem, new GemmShape(1, 1 << 20, List.of(4096))))
                .as("operands beyond an array")
                .isEmpty();
    }
}
