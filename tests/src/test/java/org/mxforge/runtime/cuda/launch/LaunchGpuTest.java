package org.mxforge.runtime.cuda.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.driver.CudaGraph;
import org.mxforge.runtime.cuda.driver.CudaKernel;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.cuda.driver.KernelArguments;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.tests.gpu.GpuTest;

/** Arguments arrive whole and unmixed, from one thread or many, in single launches and in graphs. */
@Tag("gpu")
class LaunchGpuTest {
    private static final String MIXED =
            """
            extern "C" __global__ void mixed(int a, long long* out, float b, int c, int at, float d) {
                out[at] += 1000000LL * a + 10000LL * c + (long long)(100.0f * b + d);
            }
            """;

    private static final int COUNT = 4000;

    private CudaContext gpu;
    private CudaKernel kernel;

    @BeforeEach
    void load() {
        gpu = GpuTest.context();
        kernel = gpu.load(Nvrtc.load().compile("mixed", MIXED, gpu.device().target(), ImageKind.CUBIN), "mixed");
    }

    private void launch(CudaStream stream, DeviceBuffer out, int at) {
        kernel.launch(
                stream,
                1,
                1,
                1,
                1,
                0,
                KernelArguments.of()
                        .int32(-at)
                        .pointer(out.address())
                        .float32(at % 7)
                        .int32(at % 90)
                        .int32(at)
                        .float32(at % 60));
    }

    private static long wanted(int at) {
        return -1_000_000L * at + 10_000L * (at % 90) + 100L * (at % 7) + at % 60;
    }

    private static void assertLaunched(DeviceBuffer out, int count, int times) {
        byte[] bytes = new byte[count * Long.BYTES];
        out.download(bytes);
        long[] values = new long[count];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(values);
        assertThat(values)
                .isEqualTo(IntStream.range(0, count)
                        .mapToLong(at -> times * wanted(at))
                        .toArray());
    }

    private DeviceBuffer zeros(int count) {
        DeviceBuffer buffer = gpu.allocate("a test", (long) count * Long.BYTES);
        buffer.upload(new byte[count * Long.BYTES]);
        return buffer;
    }

    @Test
    void threadsDoNotMixTheirArguments() throws InterruptedException {
        int threads = 8;
        Thread[] launchers = new Thread[threads];
        boolean[] done = new boolean[threads];
        try (DeviceBuffer out = zeros(COUNT)) {
            for (int t = 0; t < threads; t++) {
                int first = t;
                launchers[t] = new Thread(() -> {
                    gpu.attach();
                    try (CudaStream stream = gpu.stream()) {
                        for (int at = first; at < COUNT; at += threads) {
                            launch(stream, out, at);
                        }
                        stream.synchronize();
                    }
                    done[first] = true;
                });
            }
            Arrays.stream(launchers).forEach(Thread::start);
            for (Thread launcher : launchers) {
                launcher.join();
            }
            assertThat(done).doesNotContain(false);
            assertLaunched(out, COUNT, 1);
        }
    }

    @Test
    void aGraphDoesItsWorkEachTimeItIsLaunched() {
        int count = 50;
        try (DeviceBuffer out = zeros(count);
                CudaStream stream = gpu.stream()) {
            try (CudaGraph graph =
                    CudaGraph.capture(stream, () -> IntStream.range(0, count).forEach(at -> launch(stream, out, at)))) {
                stream.synchronize();
                assertLaunched(out, count, 0);
                graph.launch(stream);
                graph.launch(stream);
                graph.launch(stream);
                stream.synchronize();
            }
            assertLaunched(out, count, 3);
        }
    }

    @Test
    void aStreamOutlivesAFailedRecording() {
        try (DeviceBuffer out = zeros(3);
                CudaStream stream = gpu.stream()) {
            assertThatThrownBy(() -> CudaGraph.capture(stream, () -> {
                        launch(stream, out, 1);
                        throw new IllegalStateException("given up");
                    }))
                    .hasMessage("given up");
            IntStream.range(0, 3).forEach(at -> launch(stream, out, at));
            stream.synchronize();
            assertLaunched(out, 3, 1);
        }
    }

    @Test
    void tooManyArgumentsAreRefused() {
        KernelArguments many = KernelArguments.of();
        IntStream.range(0, 257).forEach(many::int32);
        try (CudaStream stream = gpu.stream()) {
            assertThatThrownBy(() -> kernel.launch(stream, 1, 1, 1, 1, 0, many))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most 256 arguments, not 257");
        }
    }
}
