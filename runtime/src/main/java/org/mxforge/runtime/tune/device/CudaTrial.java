package org.mxforge.runtime.tune.device;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** Trials of a problem on a GPU; algorithms with the same passes share operands, which are set up when the first of them is tried. */
final class CudaTrial implements Trial {
    /** Time that one sample should take, so that the clock's grain and the launch's latency do not matter. */
    private static final double SAMPLE_MILLIS = 0.2;

    private static final int MOST_LAUNCHES = 50;

    /** What a look at the speed comes to before it was taken. */
    private static final double UNKNOWN = SAMPLE_MILLIS;

    private final CudaTuningDevice device;
    private final KernelProblem problem;
    private final KernelShape shape;
    private final Map<List<Pass>, Operands> operands = new HashMap<>();

    /**
     * What candidates run on.
     *
     * @param exact what they are checked on
     * @param full random operands of full size
     */
    record Operands(ExactRun exact, OperandCopies<?> full) implements AutoCloseable {
        @Override
        public void close() {
            exact.close();
            full.close();
        }
    }

    CudaTrial(CudaTuningDevice device, KernelProblem problem, KernelShape shape) {
        this.device = device;
        this.problem = problem;
        this.shape = shape;
    }

    /** The operands that variants of {@code algorithm} run on. */
    Operands operands(Algorithm<KernelSpec> algorithm) {
        return operands.computeIfAbsent(
                algorithm.passes(problem.spec()), passes -> device.operands(problem, passes, shape));
    }

    @Override
    public Candidate prepare(KernelVariant variant) {
        return new CudaCandidate(device.kernel(variant.kernel()), operands(variant.algorithm()));
    }

    @Override
    public void close() {
        operands.values().forEach(Operands::close);
        operands.clear();
    }

    /** A loaded variant. */
    private final class CudaCandidate implements Candidate {
        private final ReadyKernel<Object> kernel;
        private final Operands operands;
        private int launches = 1;
        private double look = UNKNOWN;
        private Optional<Replay> replay = Optional.empty();

        CudaCandidate(ReadyKernel<Object> kernel, Operands operands) {
            this.kernel = kernel;
            this.operands = operands;
        }

        @Override
        public Optional<String> fault() {
            return operands.exact().fault(kernel);
        }

        @Override
        public double run() {
            double millis = operands.full().millis(kernel, launches);
            look = millis;
            launches = (int) Math.max(1, Math.min(MOST_LAUNCHES, SAMPLE_MILLIS / millis));
            return millis;
        }

        @Override
        public Trial.Window window(Trial.Measuring measuring) {
            if (replay.isEmpty()) {
                replay = Optional.of(operands.full().replay(kernel, look, device.clock()));
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
