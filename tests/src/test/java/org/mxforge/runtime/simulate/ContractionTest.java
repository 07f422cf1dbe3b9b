package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One product of two is not rounded before the other is subtracted, unless its rounding is named or someone else reads it. */
class ContractionTest {
    private static final String KERNEL =
            """
            .version 8.0
            .target sm_80
            .address_size 64
            .visible .entry form(.param .u64 reads, .param .u64 writes, .param .u64 number)
            {
            .reg .f32 %f<9>;
            .reg .b64 %rd<3>;
            ld.param.u64 %rd1, [reads];
            ld.param.u64 %rd2, [writes];
            ld.global.f32 %f1, [%rd1];
            ld.global.f32 %f2, [%rd1+4];
            ld.global.f32 %f7, [%rd1+8];
            MUL.f32 %f3, %f1, %f1;
            mul.f32 %f4, %f2, %f2;
            sub.f32 %f5, %f3, %f4;
            add.f32 %f6, OTHER, %f5;
            st.global.f32 [%rd2], %f6;
            ret;
            }
            """;

    @ParameterizedTest
    @CsvSource({"mul, %f7, true", "mul.rn, %f7, false", "mul, %f3, false"})
    void aProductThatIsSubtractedFrom(String multiplication, String other, boolean fused) {
        float a = 1 + 0x1p-12f;
        ByteBuffer reads = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        reads.putFloat(a).putFloat(1).putFloat(0);
        String ptx = KERNEL.replace("MUL", multiplication).replace("OTHER", other);
        InstructionForm form = InstructionForm.parse("sub.f32");
        SimulatedForm run = SimulatedForm.run(new FormKernel(form, ptx, 1, reads.array(), 4));
        float result =
                ByteBuffer.wrap(run.written()).order(ByteOrder.LITTLE_ENDIAN).getFloat();
        float added = other.equals("%f3") ? a * a : 0;
        assertThat(result).isEqualTo(added + (fused ? Math.fma(a, a, -1f) : a * a - 1));
    }
}
