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
        if (step instanceof LinearInput.Step.RmsNorm norm) {
            HostMatrix out = HostMatrix.allocate(x.rows(), x.columns());
            rmsNorm(executor, x, norm.weight(), norm.epsilon(), out);
            norm.centre().ifPresent(centre -> takeOff(executor, centre, out));
            return out;
        }
        return siluMul(executor, x);
    }

    private static void takeOff(CpuExecutor executor, Vector centre, HostMatrix from) {
        int columns = from.columns();
        float[] means = HostVector.of(centre, columns).values();
        executor.ranges(from.rows(), GRAIN, (begin, end) -> {
            for (int i = begin * columns; i < end * columns; i++) {
                from.values()[i] -= means[i % columns];
            }
        });
    }

    /** RMSNorm of every row into {@code out}, which may be {@code x}. */
    static void rmsNorm(CpuExecutor executor, HostMatrix x, Vector weight, float epsilon, HostMatrix out) {
        int columns = x.columns();
        float[] gain = HostVector.of(weight, columns).values();
        float[] from = x.values();
        float[] to = out.values();
        executor.ranges(x.rows(), GRAIN, (begin, end) -> {
            for (int at = begin * columns; at < end * columns; at += columns) {
                rmsNorm(from, at, gain, epsilon, to, at);
            }
        });
    }

    /** RMSNorm of as many numbers as {@code gain} has, from {@code at} on, into {@code to} from {@code toAt} on. */
    static void rmsNorm(float[] from, int at, float[] gain, float epsilon, float[] to, int toAt) {
        float factor = RootMeanSquare.factor(from, at, gain.length, epsilon);
        for (int i = 0; i < gain.length; i++) {
            to[toAt + i] = from[at + i] * factor * gain[i];
        }
    }

    private static HostMatrix siluMul(CpuExecutor executor, HostMatrix x) {
        int columns = x.columns() / 2;
        HostMatrix out = HostMatrix.allocate(x.rows(), columns);
        executor.ranges(x.rows(), GRAIN, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                int at = row * x.columns();
                for (int i = 0; i < columns; i++) {
                    out.values()[row * columns + i] = Silu.of(x.values()[at + i]) * x.values()[at + columns + i];
                }
            }
        });
        return out;
    }
}
