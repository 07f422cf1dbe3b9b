package org.mxforge.runtime.trial;

import java.util.Optional;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.cuda.tune.DeviceGemm;
import org.mxforge.runtime.tune.Trial;

/**
 * Trials of a GEMM on a GPU.
 *
 * @param exact operands that right kernels give exact results on
 * @param check what those results are
 * @param full random operands of full size
 */
record CudaTrial(CudaTuningDevice device, KernelSpec spec, DeviceGemm exact, ResultCheck check, DeviceGemm full)
        implements Trial {
    /** Time that one sample should take, so that the clock's grain and the launch's latency do not matter. */
    private static final double SAMPLE_MILLIS = 0.2;

    private static final int MOST_LAUNCHES = 50;

    @Override
    public Candidate prepare(Configuration configuration) {
        return new CudaCandidate(device.kernels().kernel(new KernelVariant(spec, device.target(), configuration)));
    }

    @Override
    public void close() {
        exact.close();
        full.close();
    }

    /** A loaded variant. */
    private final class CudaCandidate implements Candidate {
        private final ReadyKernel<Object> kernel;
        private int launches = 1;

        CudaCandidate(ReadyKernel<Object> kernel) {
            this.kernel = kernel;
        }

        @Override
        public Optional<String> fault() {
            return check.fault(exact.run(kernel));
        }

        @Override
        public double run() {
            double millis = full.millis(kernel, launches);
            launches = (int) Math.max(1, Math.min(MOST_LAUNCHES, SAMPLE_MILLIS / millis));
            return millis;
        }

        @Override
        public void close() {
            // The kernel stays loaded: it may be the winner.
        }
    }
}
