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

    /** Each adds to what the one before it has written, by many blocks in another order, after a while. */
    private static final String ADVANCE =
            """
            extern "C" __global__ void advance(int n, const int* from, int* to) {
            #if __CUDA_ARCH__ >= 900
                asm volatile("griddepcontrol.launch_dependents;");
                asm volatile("griddepcontrol.wait;" ::: "memory");
            #endif
                const int i = blockIdx.x * blockDim.x + threadIdx.x;
                for (long long begin = clock64(); clock64() - begin < 500 * (blockIdx.x % 8);) {
                }
                to[i] = from[n - 1 - i] + 1;
            }
            """;

    @Test
    void kernelsThatWaitThemselvesSeeWhatTheOnesBeforeWrote() {
        CudaContext gpu = GpuTest.context();
        CudaKernel kernel = gpu.load(
                Nvrtc.load()
                        .compile(
                                "advance",
                                ADVANCE,
                                gpu.device().target(),
                                gpu.device().imageKind()),
                "advance",
                true);
        int n = 256 * 128;
        try (CudaStream stream = gpu.stream();
                CudaEvent mark = gpu.event();
                DeviceBuffer one = gpu.allocate("a test", 4L * n);
                DeviceBuffer other = gpu.allocate("a test", 4L * n)) {
            one.upload(new int[n]);
            CudaGraph graph = CudaGraph.capture(stream, () -> {
                for (int step = 0; step < 100; step++) {
                    DeviceBuffer from = step % 2 == 0 ? one : other;
                    DeviceBuffer to = step % 2 == 0 ? other : one;
                    kernel.launch(
                            stream,
                            n / 128,
                            1,
                            1,
                            128,
                            0,
                            KernelArguments.of()
                                    .int32(n)
                                    .pointer(from.address())
                                    .pointer(to.address()));
                    if (step == 50) {
                        mark.recordInGraph(stream);
                    }
                }
            });
            for (int i = 0; i < 20; i++) {
                graph.launch(stream);
            }
            stream.synchronize();
            int[] back = new int[n];
            one.download(back);
            assertThat(back).containsOnly(2000);
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
