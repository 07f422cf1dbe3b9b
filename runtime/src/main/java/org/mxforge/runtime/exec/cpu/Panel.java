package org.mxforge.runtime.exec.cpu;

/**
 * A row vector times a panel whose rows are arrays of their own, in the form that HotSpot vectorises: sums run side by side
 * over contiguous columns, and every array is indexed by the loop variable alone.
 */
final class Panel {
    private Panel() {}

    /** {@code c[j] += sum over k < count of a[at + k] * rows[k][j]}, for j from 0 to columns - 1. */
    public static void multiplyAdd(float[] a, int at, int count, float[][] rows, float[] c, int columns) {
        int k = 0;
        for (; k + 4 <= count; k += 4) {
            four(a, at + k, rows[k], rows[k + 1], rows[k + 2], rows[k + 3], c, columns);
        }
        for (; k < count; k++) {
            one(a[at + k], rows[k], c, columns);
        }
    }

    private static void four(
            float[] a, int at, float[] row0, float[] row1, float[] row2, float[] row3, float[] c, int columns) {
        float a0 = a[at];
        float a1 = a[at + 1];
        float a2 = a[at + 2];
        float a3 = a[at + 3];
        for (int j = 0; j < columns; j++) {
            float s = Math.fma(a0, row0[j], c[j]);
            s = Math.fma(a1, row1[j], s);
            s = Math.fma(a2, row2[j], s);
            c[j] = Math.fma(a3, row3[j], s);
        }
    }

    private static void one(float a, float[] row, float[] c, int columns) {
        for (int j = 0; j < columns; j++) {
            c[j] = Math.fma(a, row[j], c[j]);
        }
    }
}
