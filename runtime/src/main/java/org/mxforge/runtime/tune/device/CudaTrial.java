package org.mxforge.runtime.tune.device;

import java.util.Optional;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.tune.search.Trial;

/**
 * Trials of a kernel on a GPU.
 *
 * @param exact what candidates are checked on
 * @param full random operands of full size
 */
record CudaTrial(CudaTuningDevice device, KernelSpec spec, ExactRun exact, OperandCopies<?> full) implements Trial {
    /** Time that one sample should take, so that the clock's grain and the launch's latency do not matter. */
    private static final double SAMPLE_MILLIS = 0.2;

    private static final int MOST_LAUNCHES = 50;

    /** What a look at the speed comes to before it was taken. */
    private static final double UNKNOWN = SAMPLE_MILLIS;

    @Override
    public Candidate prepare(Configuration configuration) {
        return new CudaCandidate(device.kernel(new KernelVariant(spec, device.target(), configuration)));
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
        private double look = UNKNOWN;
        private Optional<Replay> replay = Optional.empty();

        CudaCandidate(ReadyKernel<Object> kernel) {
            this.kernel = kernel;
        }

        @Override
        public Optional<String> fault() {
            return exact.fault(kernel);
        }

        @Override
        public double run() {
            double millis = full.millis(kernel, launches);
            look = millis;
            launches = (int) Math.max(1, Math.min(MOST_LAUNCHES, SAMPLE_MILLIS / millis));
            return millis;
        }

        @Override
        public Trial.Window window(Trial.Measuring measuring) {
            if (replay.isEmpty()) {
                replay = Optional.of(full.replay(kernel, look, device.clock()));
            }
            Replay.Result result = replay.get().window(measuring.warmUp(), measuring.window(), measuring.samples());
            return new Trial.Window(result.millis(), result.clock());
        }

        @Override
        public void close() {
            replay.ifPresent(Replay::close);
            // The kernel stays loaded: it may be the winner.
        }
    }
}
