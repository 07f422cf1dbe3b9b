package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.cpu.RootMeanSquare;
import org.mxforge.runtime.cpu.Silu;
import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.exec.spi.Vector;

/** The steps before a linear layer, on plain activations; the quantizers' prologues compute the same bits. */
final class CpuInputSteps {
    private static final int GRAIN = 8;

    private CpuInputSteps() {}

    /** {@code x} through {@code step}: {@code x} itself when there is nothing to do. */
    static HostMatrix apply(CpuExecutor executor, LinearInput.Step step, HostMatrix x) {
        if (step instanceof LinearInput.Step.None) {
            return x;
        }
        HostMatrix out = HostMatrix.allocate(x.rows(), x.columns());
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            rmsNorm(executor, x, norm.weight(), norm.epsilon(), out);
        } else if (step instanceof LinearInput.Step.SiluMul gated) {
            siluMul(executor, x, HostMatrix.of(gated.up(), x.rows(), x.columns()), out);
        }
        return out;
    }

    /** RMSNorm of every row into {@code out}, which may be {@code x}. */
    static void rmsNorm(CpuExecutor executor, HostMatrix x, Vector weight, float epsilon, HostMatrix out) {
        int columns = x.columns();
        float[] gain = HostVector.of(weight, columns).values();
        float[] from = x.values();
        float[] to = out.values();
        executor.ranges(x.rows(), GRAIN, (begin, end) -> {
            for (int at = begin * columns; at < end * columns; at += columns) {
                float factor = RootMeanSquare.factor(from, at, columns, epsilon);
                for (int i = 0; i < columns; i++) {
                    to[at + i] = from[at + i] * factor * gain[i];
                }
            }
        });
    }

    private static void siluMul(CpuExecutor executor, HostMatrix gate, HostMatrix up, HostMatrix out) {
        executor.ranges(gate.rows(), GRAIN, (begin, end) -> {
            for (int i = begin * gate.columns(); i < end * gate.columns(); i++) {
                out.values()[i] = Silu.of(gate.values()[i]) * up.values()[i];
            }
        });
    }
}
