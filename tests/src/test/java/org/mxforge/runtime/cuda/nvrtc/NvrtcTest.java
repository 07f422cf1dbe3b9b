package org.mxforge.runtime.cuda.nvrtc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel.ImageKind;

/** The run-time compiler works here, where there is neither CUDA nor a GPU. */
class NvrtcTest {
    private static final String TRIPLE =
            """
            extern "C" __global__ void triple(int n, const float* x, float* y) {
                __shared__ float staged[256];
                int i = blockIdx.x * 256 + threadIdx.x;
                staged[threadIdx.x] = i < n ? x[i] : 0.0f;
                __syncthreads();
                if (i < n) {
                    y[i] = 2.0f * staged[threadIdx.x] + staged[threadIdx.x ^ 1];
                }
            }
            """;

    @ParameterizedTest
    @EnumSource(value = Target.class, mode = EnumSource.Mode.EXCLUDE, names = "CPU")
    void compilesForEveryTarget(Target target) {
        CompiledKernel kernel = Nvrtc.load().compile("triple", TRIPLE, target, ImageKind.CUBIN);
        assertThat(kernel.image()).startsWith(0x7f, 'E', 'L', 'F');
        assertThat(kernel.registers()).isBetween(4, 64);
        assertThat(kernel.staticSharedBytes()).isGreaterThanOrEqualTo(1024);
        assertThat(kernel.spillBytes()).isZero();
        assertThat(kernel.log()).contains("triple");
    }

    @Test
    void makesPtxForGpusOfAnotherMajor() {
        byte[] image = Nvrtc.load()
                .compile("triple", TRIPLE, Target.SM_80, ImageKind.PTX)
                .image();
        assertThat(new String(image, StandardCharsets.US_ASCII))
                .contains(".target sm_80", ".visible .entry triple")
                .endsWith("\0");
    }

    /** And the same facts: a compiler with a cache of its own has no log the second time. */
    @Test
    void sameSourceGivesTheSameImage() {
        CompiledKernel first = Nvrtc.load().compile("triple", TRIPLE, Target.SM_90A, ImageKind.CUBIN);
        CompiledKernel again = Nvrtc.load().compile("triple", TRIPLE, Target.SM_90A, ImageKind.CUBIN);
        assertThat(again.image()).isEqualTo(first.image());
        assertThat(again.registers()).isEqualTo(first.registers()).isPositive();
    }

    @Test
    void namesKernelAndFirstErrorWhenASourceIsBroken() {
        assertThatThrownBy(() -> Nvrtc.load()
                        .compile(
                                "broken", TRIPLE.replace("staged[256]", "staged[many]"), Target.SM_80, ImageKind.CUBIN))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("Kernel broken does not compile for sm_80")
                .hasMessageContaining("\"many\" is undefined");
    }

    @Test
    void refusesTheCpuTarget() {
        assertThatThrownBy(() -> Nvrtc.load().compile("triple", TRIPLE, Target.CPU, ImageKind.CUBIN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void compilesInParallel() {
        assertThat(IntStream.range(0, 8).parallel().mapToObj(i -> Nvrtc.load()
                        .compile("k" + i, TRIPLE.replace("triple", "k" + i), Target.SM_90A, ImageKind.CUBIN)))
                .allSatisfy(kernel -> assertThat(kernel.registers()).isPositive());
    }

    @Test
    void tellsWhatItFound() {
        assertThat(Nvrtc.load().version()).startsWith("12.");
        assertThat(Nvrtc.load().file()).exists();
        assertThat(Nvrtc.load().origin()).isNotBlank();
    }
}
