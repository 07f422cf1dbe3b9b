package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.cpu.CpuExecutor;

/** Rotary position embedding in the half-split form of Hugging Face checkpoints. */
final class Rotation {
    private Rotation() {}

    static void run(CpuExecutor executor, HostMatrix x, int heads, HostRopeTable table, int start, HostMatrix out) {
        int half = table.half();
        if (x.columns() != heads * 2 * half) {
            throw new IllegalArgumentException(
                    x.columns() + " columns are not " + heads + " heads of " + 2 * half + " channels");
        }
        if (start < 0 || (long) start + x.rows() > table.positions()) {
            throw new IllegalArgumentException("positions " + start + " to " + ((long) start + x.rows())
                    + " do not fit a rotation table of " + table.positions());
        }
        executor.ranges(x.rows(), 8, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                for (int head = 0; head < heads; head++) {
                    rotate(x.values(), row * x.columns() + head * 2 * half, table, (start + row) * half, out.values());
                }
            }
        });
    }

    private static void rotate(float[] x, int low, HostRopeTable table, int angle, float[] out) {
        int half = table.half();
        for (int i = 0; i < half; i++) {
            float cos = table.cos()[angle + i];
            float sin = table.sin()[angle + i];
            float a = x[low + i];
            float b = x[low + half + i];
            out[low + i] = a * cos - b * sin;
            out[low + half + i] = b * cos + a * sin;
        }
    }
}
