package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.guide.GroupMaxKind;
import com.example.guide.GroupMaxSpec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.launch.TrialOperands;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.ArtifactCache;

/** What a kind says of results, and what kernels leave unwritten, is among the findings of a simulation. */
class JudgedLaunchTest {
    private static final GroupMaxSpec SPEC = new GroupMaxSpec(32);

    private static List<Finding.Kind> findings(GroupMaxSpec launched) {
        TrialOperands operands = new GroupMaxKind().trial(SPEC, KernelShape.parse("m3,k128"));
        Simulator simulator = new Simulator(ArtifactCache.user());
        return new JudgedLaunch(operands)
                .in(simulator).run(simulator, SimulatedWorkspace.variant(launched)).findings().stream()
                        .map(Finding::kind)
                        .toList();
    }

    @Test
    void aRightKernelHasNone() {
        assertThat(findings(SPEC)).isEmpty();
    }

    @Test
    void aWrongOneIsToldAndWhatItLeavesOut() {
        assertThat(findings(new GroupMaxSpec(64)))
                .containsExactly(Finding.Kind.MISSING_RESULT, Finding.Kind.WRONG_RESULT);
    }

    @Test
    void sizesThatTheKernelRefusesAreItsWords() {
        KernelVariant variant = SimulatedWorkspace.variant(SPEC);
        assertThatThrownBy(() -> SampleLaunch.run(variant, Map.of("k", 100), ArtifactCache.user()))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("columns is 100: it must be a multiple of 32");
    }
}
