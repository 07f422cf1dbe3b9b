package org.mxforge.runtime.cli.bench;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/**
 * One GEMM of one shape, looked at closely.
 *
 * @param formats what is multiplied
 * @param m tokens
 * @param weight size of the weight
 */
record GemmProbe(FormatMix formats, int m, WeightShape weight) {
    /** Rows and columns on which a result is checked: enough for whole tiles and ragged ends. */
    private static final int CHECKED_ROWS = 137;

    private static final int CHECKED_COLUMNS = 266;

    public GemmProbe {
        if (m <= 0) {
            throw new IllegalArgumentException("M is " + m + ": give 1 or more");
        }
        formats.split(weight.k());
    }

    private static GemmWay way(BenchGpu gpu) {
        return GemmWay.usual(gpu.target());
    }

    /** Speed of the variant that the tuner chooses, over {@code iterations} runs. */
    public Rate rate(BenchGpu gpu, int iterations) {
        try (BenchKernel kernel = way(gpu).setUp(gpu, formats, m, weight)) {
            return new Rate(gpu.timer().millis(kernel, iterations), kernel.bytes(), kernel.flops());
        }
    }

    /** The part of the product that {@link #fault} looks at: all of K. */
    public GemmShape checked() {
        return GemmWay.shape(
                formats, Math.min(m, CHECKED_ROWS), new WeightShape(Math.min(weight.n(), CHECKED_COLUMNS), weight.k()));
    }

    /**
     * What is wrong with the result of the variant that the tuner chooses, on operands for which every right kernel gives the
     * oracle's bits; empty if nothing is.
     *
     * @throws MxForgeException if no such operands exist, since K is too large
     */
    public Optional<String> fault(BenchGpu gpu) {
        KernelProblem problem = way(gpu).problem(formats);
        if (!gpu.device().tries(problem, checked())) {
            throw new MxForgeException("a result with K = " + weight.k()
                    + " cannot be compared bit for bit, since FP32 does not hold such sums exactly: use a smaller K");
        }
        KernelVariant chosen = way(gpu).variant(gpu, formats, m, weight);
        try (Trial trial = gpu.device().trial(problem, checked(), List.of(chosen));
                Trial.Candidate candidate = trial.prepare(chosen)) {
            return candidate.fault();
        }
    }
}
