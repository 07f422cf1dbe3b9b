package org.mxforge.runtime.tune.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.QuantizeShape;

/** Bytes of quantizers, counted by hand: 100 rows of 64 channels in 4 and 32 in 8 bits. */
class QuantizeWorkTest {
    private static final QuantizeShape SHAPE = new QuantizeShape(100, List.of(64, 32));

    private static KernelSpec spec(String rest) {
        return KernelSpec.parse("mxquantize/v1;side=activation;formats=e2m1+e4m3;rule=ceil;groups=" + rest);
    }

    @ParameterizedTest
    @CsvSource({
        // Input, reorder index; codes and scales.
        "g32.tile128x4;prologue=none;in=bf16, 19584, 6700",
        // Norm's weight.
        "g32.rows;prologue=rmsnorm;in=fp32, 38976, 6700",
        // A second input.
        "g32.tile128x4;prologue=silumul;in=bf16, 38784, 6700",
        // Containers and factors.
        "g32.folded.relaxed;prologue=none;in=bf16, 19584, 10000"
    })
    void bytesReadAndWritten(String rest, long read, long written) {
        Work work = Work.of(spec(rest), SHAPE).orElseThrow();
        assertThat(work.bytes()).isEqualTo(read + written);
        assertThat(work.macs()).isZero();
        CostModel model = CostModel.of(GpuModel.typical(Target.SM_90A));
        assertThat(model.floor(work)).isEqualTo(1e3 * work.bytes() / model.gpu().memoryBandwidth());
    }

    @Test
    void shapesThatDoNotFitComeToNothing() {
        KernelSpec spec = spec("g32.tile128x4;prologue=none;in=bf16");
        assertThat(Work.of(spec, new QuantizeShape(100, List.of(64)))).isEmpty();
        assertThat(Work.of(spec, new GemmShape(100, 8, List.of(64, 32)))).isEmpty();
    }
}
