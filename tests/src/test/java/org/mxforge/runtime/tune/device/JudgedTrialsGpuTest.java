package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.guide.GroupMaxSpec;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.tests.gpu.GpuTest;

/** A kind that brings along what its kernels are tried on is believed, whatever it says of them. */
@Tag("gpu")
class JudgedTrialsGpuTest {
    private static final KernelShape SHAPE = KernelShape.parse("m16,k2048");

    @Test
    void aWrongKernelIsTold() {
        CudaContext gpu = GpuTest.context();
        KernelStore kernels = GpuTest.kernels();
        KernelVariant wanted =
                KernelVariant.of(new GroupMaxSpec(32), gpu.device().target());
        KernelVariant other =
                KernelVariant.of(new GroupMaxSpec(64), gpu.device().target());
        for (KernelVariant run : List.of(wanted, other)) {
            CudaTuningDevice device = new CudaTuningDevice(gpu, kernels, asked -> kernels.kernel(run));
            try (Trial trial = device.trial(KernelProblem.of(wanted), SHAPE, List.of(wanted));
                    Trial.Candidate candidate = trial.prepare(wanted)) {
                assertThat(candidate.fault().isEmpty()).isEqualTo(run.equals(wanted));
                assertThat(candidate.run()).isPositive();
            }
        }
    }
}
