package org.mxforge.runtime.exec.cuda;

import java.util.Arrays;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;

/** What tells a kernel that scatters rows to add each to the row of its own number: 0, 1, 2 and so on, and factors of one. */
final class IdentityRows {
    private final Gpu gpu;
    private int rows;
    private DeviceBuffer numbers;
    private DeviceBuffer factors;

    IdentityRows(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Makes sure that there are {@code count}; earlier ones stay for kernels that were already asked for, or recorded. */
    IdentityRows reserve(int count) {
        if (rows < count) {
            rows = Math.max(count, 2 * rows);
            int[] each = new int[rows];
            Arrays.setAll(each, i -> i);
            float[] ones = new float[rows];
            Arrays.fill(ones, 1);
            numbers = gpu.lasting("row numbers", each);
            factors = gpu.lasting("row weights", ones);
        }
        return this;
    }

    long numbers() {
        return numbers.address();
    }

    long factors() {
        return factors.address();
    }
}
