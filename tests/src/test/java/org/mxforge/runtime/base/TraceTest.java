package org.mxforge.runtime.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.runtime.base.Trace.Kernel;

class TraceTest {
    private static Kernel kernel(KernelRole role, double start, double micros) {
        return new Kernel(role, "k", "k/v1", "m=1", "embedding", start, micros);
    }

    @Test
    void timesAddUp() {
        Trace trace = new Trace(
                List.of(
                        kernel(KernelRole.GEMM, 5, 3),
                        kernel(KernelRole.QUANTIZER, 0, 4),
                        kernel(KernelRole.GEMM, 8, 2)),
                List.of());
        assertThat(trace.kernels()).extracting(Kernel::start).isSorted();
        assertThat(trace.micros()).isEqualTo(10);
        assertThat(trace.byRole())
                .containsEntry(KernelRole.GEMM, 5.0)
                .containsEntry(KernelRole.QUANTIZER, 4.0)
                .containsEntry(KernelRole.ATTENTION, 0.0)
                .containsEntry(KernelRole.OTHER, 0.0);
        assertThat(trace.idle()).isEqualTo(1);
    }

    @Test
    void nothingTookNoTime() {
        assertThat(new Trace(List.of(), List.of()).micros()).isZero();
        assertThat(new Trace(List.of(), List.of()).idle()).isZero();
    }
}
