package org.mxforge.codegen.kernel.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.SampleProblems;

/** Few rows are spread over clusters; of many, wide ones get more threads, where the kernel has the choice. */
class UsualQuantizeTest {
    private static KernelVariant usual(String algorithm, Target target, int rows, int channels) {
        return SampleProblems.quantizer(algorithm).usual(target, new QuantizeShape(rows, List.of(channels)));
    }

    private static int threads(String algorithm, Target target, int channels) {
        return usual(algorithm, target, 2048, channels).configuration().get("threads");
    }

    @Test
    void foldedRowsByTheirNumber() {
        assertThat(usual("containers", Target.SM_90A, 1, 4096).algorithm()).isEqualTo(MxQuantizeKind.SPREAD);
        assertThat(usual("containers", Target.SM_90A, 64, 14336).algorithm()).isEqualTo(MxQuantizeKind.SPREAD);
        assertThat(usual("containers", Target.SM_90A, 65, 4096).algorithm()).isEqualTo(MxQuantizeKind.CONTAINERS);
        assertThat(usual("containers", Target.SM_90A, 1, 1 << 17).algorithm()).isEqualTo(MxQuantizeKind.CONTAINERS);
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
