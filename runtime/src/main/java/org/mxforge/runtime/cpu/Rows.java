package org.mxforge.runtime.cpu;

/** Row-wise operations on FP32 matrices. */
final class Rows {
    private Rows() {}

    /** {@code y = x * rsqrt(mean(x^2) + epsilon) * weight} for one row of {@code columns} values; x and y may be the same. */
    static void rmsNorm(float[] x, int xAt, float[] weight, float epsilon, float[] y, int yAt, int columns) {
        double sum = 0;
        for (int i = 0; i < columns; i++) {
            sum += (double) x[xAt + i] * x[xAt + i];
        }
        float factor = (float) (1 / Math.sqrt(sum / columns + epsilon));
        for (int i = 0; i < columns; i++) {
            y[yAt + i] = x[xAt + i] * factor * weight[i];
        }
    }

    /** {@code y = silu(gate) * up} for {@code count} values. */
    static void siluMul(float[] gate, float[] up, float[] y, int begin, int end) {
        for (int i = begin; i < end; i++) {
            y[i] = silu(gate[i]) * up[i];
        }
    }

    static float silu(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }
}
