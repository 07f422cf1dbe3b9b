package org.mxforge.runtime.cpu;

/** A row vector times a row-major panel, in the form that HotSpot vectorises: sums run side by side over contiguous columns. */
final class Panel {
    private Panel() {}

    /** {@code c[j] += sum over k < count of a[k] * panel[k * stride + j]}, for j from 0 to columns - 1. */
    static void multiplyAdd(
            float[] a, int aAt, int count, float[] panel, int panelAt, int stride, float[] c, int cAt, int columns) {
        int k = 0;
        for (; k + 8 <= count; k += 8) {
            eight(a, aAt + k, panel, panelAt + k * stride, stride, c, cAt, columns);
        }
        for (; k < count; k++) {
            one(a[aAt + k], panel, panelAt + k * stride, c, cAt, columns);
        }
    }

    private static void eight(float[] a, int aAt, float[] panel, int b0, int stride, float[] c, int cAt, int columns) {
        float a0 = a[aAt];
        float a1 = a[aAt + 1];
        float a2 = a[aAt + 2];
        float a3 = a[aAt + 3];
        float a4 = a[aAt + 4];
        float a5 = a[aAt + 5];
        float a6 = a[aAt + 6];
        float a7 = a[aAt + 7];
        int b1 = b0 + stride;
        int b2 = b1 + stride;
        int b3 = b2 + stride;
        int b4 = b3 + stride;
        int b5 = b4 + stride;
        int b6 = b5 + stride;
        int b7 = b6 + stride;
        for (int j = 0; j < columns; j++) {
            c[cAt + j] += a0 * panel[b0 + j]
                    + a1 * panel[b1 + j]
                    + a2 * panel[b2 + j]
                    + a3 * panel[b3 + j]
                    + a4 * panel[b4 + j]
                    + a5 * panel[b5 + j]
                    + a6 * panel[b6 + j]
                    + a7 * panel[b7 + j];
        }
    }

    private static void one(float a, float[] panel, int b, float[] c, int cAt, int columns) {
        for (int j = 0; j < columns; j++) {
            c[cAt + j] += a * panel[b + j];
        }
    }
}
