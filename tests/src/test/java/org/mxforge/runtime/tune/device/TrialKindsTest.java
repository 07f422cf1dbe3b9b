package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.KernelKind;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.TunedKind;
import org.mxforge.runtime.kernel.SampleProblems;

/** What a tuned kind needs beside its home in codegen. */
class TrialKindsTest {
    @Test
    void whateverIsTunedHasTrialsAndNothingElseHas() {
        assertThat(KernelKinds.all()).anyMatch(TunedKind.class::isInstance);
        for (KernelKind<?> kind : KernelKinds.all()) {
            assertThat(TrialKinds.has(kind.stem()))
                    .as("a TrialKind for '%s'", kind.stem())
                    .isEqualTo(kind instanceof TunedKind);
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
}
