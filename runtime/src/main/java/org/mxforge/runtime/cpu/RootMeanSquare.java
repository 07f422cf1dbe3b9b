package org.mxforge.runtime.cpu;

/** The factor that RMSNorm multiplies a row with. */
public final class RootMeanSquare {
    private RootMeanSquare() {}

    /** {@code 1 / sqrt(mean(x^2) + epsilon)} over {@code columns} values from {@code at} on, the sum in double. */
    public static float factor(float[] x, int at, int columns, float epsilon) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < columns; i += 2) {
            even += (double) x[at + i] * x[at + i];
            odd += (double) x[at + i + 1] * x[at + i + 1];
        }
        if (columns % 2 == 1) {
            even += (double) x[at + columns - 1] * x[at + columns - 1];
        }
        return (float) (1 / Math.sqrt((even + odd) / columns + epsilon));
    }
}
