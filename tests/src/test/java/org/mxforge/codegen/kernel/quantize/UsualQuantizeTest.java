package org.mxforge.codegen.kernel.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.SampleProblems;

/** Wide rows get more threads, where the kernel has the choice. */
class UsualQuantizeTest {
    private static int threads(String algorithm, Target target, int channels) {
        return SampleProblems.quantizer(algorithm)
                .usual(target, new QuantizeShape(1, List.of(channels)))
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
