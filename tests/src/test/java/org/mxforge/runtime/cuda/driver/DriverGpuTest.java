package org.mxforge.runtime.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.tests.gpu.GpuTest;

@Tag("gpu")
class DriverGpuTest {
    private static final String SCALE =
            """
            extern "C" __global__ void scale(int n, float factor, const float* x, float* y) {
                extern __shared__ float staged[];
                const int i = blockIdx.x * blockDim.x + threadIdx.x;
                staged[threadIdx.x] = i < n ? x[i] : 0.0f;
                __syncthreads();
                if (i < n) {
                    y[i] = factor * staged[threadIdx.x];
                }
            }
            """;

    private CudaContext gpu;

    @BeforeEach
    void open() {
        gpu = GpuTest.context();
    }

    @Test
    void tellsWhatItIs() {
        CudaDevice device = gpu.device();
        assertThat(device.name()).isNotBlank().doesNotContain("\0");
        assertThat(device.computeCapability()).isGreaterThanOrEqualTo(80);
        assertThat(device.multiprocessors()).isPositive();
        assertThat(gpu.freeBytes()).isPositive().isLessThanOrEqualTo(device.totalBytes());
        assertThat(device.driver()).matches("\\d+\\.\\d+");
        assertThat(device.target().isGpu()).isTrue();
    }

    @Test
    void memoryComesBackAsItWent() {
        short[] shorts = {1, -2, Short.MIN_VALUE};
        int[] ints = {1, -2, Integer.MIN_VALUE};
        float[] floats = {1f, -0f, Float.MIN_VALUE};
        byte[] bytes = {1, 2, 3, 4, 5};
        try (DeviceBuffer buffer = gpu.allocate("a test", 16)) {
            assertThat(buffer.address() % 256).isZero();
            buffer.upload(shorts);
            short[] shortsBack = new short[3];
            buffer.download(shortsBack);
            assertThat(shortsBack).isEqualTo(shorts);
            buffer.upload(ints);
            int[] intsBack = new int[3];
            buffer.download(intsBack);
            assertThat(intsBack).isEqualTo(ints);
            buffer.upload(floats);
            float[] floatsBack = new float[3];
            buffer.download(floatsBack);
            assertThat(floatsBack).isEqualTo(floats);
            buffer.upload(bytes);
            buffer.upload(3, new byte[] {9});
            byte[] bytesBack = new byte[5];
            buffer.download(bytesBack);
            assertThat(bytesBack).containsExactly(1, 2, 3, 9, 5);
        }
    }

    @Test
    void copiesAndFillsOnTheDevice() {
        try (CudaStream stream = gpu.stream();
                DeviceBuffer from = gpu.allocate("a test", 8);
                DeviceBuffer to = gpu.allocate("a test", 8)) {
            from.upload(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
            to.fill(stream, (byte) 7);
            to.copy(stream, 2, from, 4, 3);
            byte[] back = new byte[8];
            to.download(back);
            assertThat(back).containsExactly(7, 7, 5, 6, 7, 7, 7, 7);
        }
    }

    @Test
    void refusesCopiesBeyondABuffer() {
        try (DeviceBuffer buffer = gpu.allocate("a test", 8)) {
            assertThatThrownBy(() -> buffer.upload(new byte[9])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> buffer.upload(-1, new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> buffer.upload(8, new byte[1])).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> buffer.download(new int[3])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aClosedBufferIsRefused() {
        DeviceBuffer buffer = gpu.allocate("a test", 8);
        buffer.close();
        buffer.close();
        assertThatThrownBy(buffer::address).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> buffer.download(new byte[1])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void namesTheTensorThatDoesNotFit() {
        long tooMuch = 2 * gpu.device().totalBytes();
        assertThatThrownBy(() -> gpu.allocate("model.embed_tokens.weight", tooMuch))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("model.embed_tokens.weight")
                .hasMessageContaining(ByteSize.text(tooMuch) + " are wanted")
                .hasMessageContaining("free");
        gpu.synchronize();
    }

    @Test
    void launchesAKernelAndTimesIt() {
        assertScales(ImageKind.CUBIN, gpu.device().target(), 0);
    }

    @Test
    void launchesWithMoreSharedMemoryThanTheDefault() {
        assertScales(ImageKind.CUBIN, gpu.device().target(), 90_000);
    }

    @Test
    void theDriverCompilesPtxForThisGpu() {
        assertScales(ImageKind.PTX, Target.SM_80, 0);
    }

    private void assertScales(ImageKind kind, Target target, int extraSharedBytes) {
        int n = 1000;
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = i;
        }
        CompiledKernel compiled = Nvrtc.load().compile("scale", SCALE, target, kind);
        CudaKernel kernel = gpu.load(compiled, "scale");
        try (CudaStream stream = gpu.stream();
                CudaEvent begin = gpu.event();
                CudaEvent end = gpu.event();
                DeviceBuffer in = gpu.allocate("a test", 4 * n);
                DeviceBuffer out = gpu.allocate("a test", 4 * n)) {
            in.upload(x);
            begin.record(stream);
            kernel.launch(
                    stream,
                    8,
                    1,
                    1,
                    128,
                    512 + extraSharedBytes,
                    KernelArguments.of()
                            .int32(n)
                            .float32(0.5f)
                            .pointer(in.address())
                            .pointer(out.address()));
            end.record(stream);
            float[] y = new float[n];
            out.download(y);
            for (int i = 0; i < n; i++) {
                assertThat(y[i]).isEqualTo(0.5f * i);
            }
            assertThat(end.millisSince(begin)).isBetween(0.0, 10_000.0);
        }
    }

    @Test
    void saysWhatIsWrongWithALaunch() {
        CompiledKernel compiled =
                Nvrtc.load().compile("scale", SCALE, gpu.device().target(), ImageKind.CUBIN);
        CudaKernel kernel = gpu.load(compiled, "scale");
        KernelArguments none =
                KernelArguments.of().int32(0).float32(0).pointer(0).pointer(0);
        try (CudaStream stream = gpu.stream()) {
            assertThatThrownBy(() -> kernel.launch(stream, 1, 1, 1, 128, 10 << 20, none))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("kernel scale");
            assertThatThrownBy(() -> kernel.launch(stream, 0, 1, 1, 128, 0, none))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("launch kernel scale");
        }
    }

    @Test
    void saysWhichKernelIsMissingInAnImage() {
        CompiledKernel compiled =
                Nvrtc.load().compile("scale", SCALE, gpu.device().target(), ImageKind.CUBIN);
        assertThatThrownBy(() -> gpu.load(compiled, "absent"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("find kernel absent");
    }
}
