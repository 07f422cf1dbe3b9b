package org.mxforge.runtime.cpu;

import org.mxforge.runtime.backend.InputStep;

/** The steps before a linear layer, on plain activations. */
final class Steps {
    private static final int GRAIN = 8;

    private Steps() {}

    /** {@code x} through {@code step}: {@code x} itself when there is nothing to do. */
    static HostMatrix apply(CpuExecutor executor, InputStep step, HostMatrix x) {
        if (step instanceof InputStep.None) {
            return x;
        }
        HostMatrix out = HostMatrix.allocate(x.rows(), x.columns());
        if (step instanceof InputStep.RmsNorm norm) {
            rmsNorm(executor, x, ((HostVector) norm.weight()).values(), norm.epsilon(), out);
        } else if (step instanceof InputStep.SiluMul gated) {
            HostMatrix up = HostMatrix.of(gated.up(), x.rows(), x.columns());
            executor.ranges(
                    x.rows(),
                    GRAIN,
                    (begin, end) -> Rows.siluMul(
                            x.values(), up.values(), out.values(), begin * x.columns(), end * x.columns()));
        }
        return out;
    }

    static void rmsNorm(CpuExecutor executor, HostMatrix x, float[] weight, float epsilon, HostMatrix out) {
        int columns = x.columns();
        if (weight.length != columns) {
            throw new IllegalArgumentException("a norm of " + weight.length + " channels on " + columns + " columns");
        }
        executor.ranges(x.rows(), GRAIN, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                Rows.rmsNorm(x.values(), row * columns, weight, epsilon, out.values(), row * columns, columns);
            }
        });
    }
}
