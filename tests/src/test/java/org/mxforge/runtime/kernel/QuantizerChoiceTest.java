package org.mxforge.runtime.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.mxforge.dsl.target.Target;

/** Wide rows get more threads, where the kernel has the choice. */
class QuantizerChoiceTest {
    private static int threads(String algorithm, Target target, int channels) {
        return QuantizerChoice.of(SampleProblems.quantizer(algorithm), target, channels)
                .configuration()
                .get("threads");
    }

    @Test
    void foldedRowsByTheirWidth() {
        assertThat(threads("containers", Target.SM_90A, 4096)).isEqualTo(256);
        assertThat(threads("containers", Target.SM_90A, 8192)).isEqualTo(256);
        assertThat(threads("containers", Target.SM_90A, 14336)).isEqualTo(448);
    }

    @Test
    void packedRowsAreAsUsual() {
        assertThat(threads("tiled", Target.SM_80, 14336)).isEqualTo(256);
    }
}
