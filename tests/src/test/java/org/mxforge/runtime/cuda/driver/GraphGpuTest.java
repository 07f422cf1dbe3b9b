package org.mxforge.runtime.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.tests.gpu.GpuTest;

/** Recorded launches run when they are replayed, as often as they are replayed, and not before. */
@Tag("gpu")
class GraphGpuTest {
    private static final String COUNT =
            """
            extern "C" __global__ void count(int step, int* counter) {
                *counter += step;
            }
            """;

    @Test
    void replaysWhatWasRecorded() {
        CudaContext gpu = GpuTest.context();
        CudaKernel kernel = gpu.load(
                Nvrtc.load()
                        .compile(
                                "count",
                                COUNT,
                                gpu.device().target(),
                                gpu.device().imageKind()),
                "count");
        try (CudaStream stream = gpu.stream();
                DeviceBuffer counter = gpu.allocate("a test", 4)) {
            counter.upload(new int[] {0});
            CudaGraph graph = CudaGraph.capture(stream, () -> {
                for (int step = 1; step <= 3; step++) {
                    kernel.launch(
                            stream,
                            1,
                            1,
                            1,
                            1,
                            0,
                            KernelArguments.of().int32(step).pointer(counter.address()));
                }
            });
            assertThat(value(counter)).isZero();
            graph.launch(stream);
            graph.launch(stream);
            stream.synchronize();
            assertThat(value(counter)).isEqualTo(12);
            graph.close();
        }
    }

    @Test
    void aRecordingThatFailsLeavesTheStreamUsable() {
        CudaContext gpu = GpuTest.context();
        try (CudaStream stream = gpu.stream();
                DeviceBuffer buffer = gpu.allocate("a test", 4)) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> CudaGraph.capture(stream, () -> {
                        throw new IllegalStateException("no");
                    }));
            buffer.fill(stream, (byte) 1);
            stream.synchronize();
            assertThat(value(buffer)).isEqualTo(0x01010101);
        }
    }

    private static int value(DeviceBuffer buffer) {
        int[] back = new int[1];
        buffer.download(back);
        return back[0];
    }
}
