package org.mxforge.runtime.exec.cuda;

import java.util.Arrays;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** Factors of rows that need none: an array of ones that grows with the largest operand. */
final class ScaleFactors {
    private final Gpu gpu;
    private DeviceBuffer ones;

    ScaleFactors(Gpu gpu) {
        this.gpu = gpu;
    }

    /** {@code rows} up to whole tiles, the factors of which kernels read. */
    static int padded(int rows) {
        return Math.toIntExact(OperandLayout.BF16.scaleBytes(rows, 1) / Float.BYTES);
    }

    /** The address of {@code rows} ones in FP32, and of more up to a whole tile. */
    long ones(int rows) {
        int padded = padded(rows);
        if (ones == null || ones.bytes() < (long) Float.BYTES * padded) {
            // KernelLauncher already asked for may still read the old ones, which therefore stay.
            float[] values = new float[padded];
            Arrays.fill(values, 1);
            ones = gpu.lasting("factors of rows", values);
        }
        return ones.address();
    }
}
