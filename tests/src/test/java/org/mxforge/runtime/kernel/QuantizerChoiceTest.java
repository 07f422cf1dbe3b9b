package org.mxforge.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.target.Target;

/** Wide rows get more threads, where the kernel has the choice. */
class QuantizerChoiceTest {
    private static final String FORMATS = "mxquantize/v1;side=activation;formats=e2m1;rule=ceil;groups=";

    private static int threads(String groups, Target target, int channels) {
        MxQuantizeSpec spec = (MxQuantizeSpec) KernelSpec.parse(FORMATS + groups + ";prologue=none;in=bf16");
        return QuantizerChoice.of(spec, target, channels).get("threads");
    }

    @Test
    void foldedRowsByTheirWidth() {
        assertThat(threads("g32.folded", Target.SM_90A, 4096)).isEqualTo(256);
        assertThat(threads("g32.folded", Target.SM_90A, 8192)).isEqualTo(256);
        assertThat(threads("g32.folded", Target.SM_90A, 14336)).isEqualTo(448);
    }

    @Test
    void packedRowsAreAsUsual() {
        assertThat(threads("g32.tile128x4", Target.SM_80, 14336)).isEqualTo(256);
    }
}
