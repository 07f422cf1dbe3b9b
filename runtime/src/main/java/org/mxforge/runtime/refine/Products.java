package org.mxforge.runtime.refine;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums of products of each channel of x with each of y over tokens, [channels][channels] in binary64: x^T y. Of x with itself half of
 * them are computed, for the others are the same to the bit.
 */
final class Products {
    /** Tokens whose products are added up in FP32 first, which is twice as fast and loses nothing that matters. */
    private static final int CHUNK = 256;

    /** Tokens that one pass over some rows of sums takes in. */
    private static final int TOGETHER = 4;

    /** Rows of sums in a pass. */
    private static final int WIDE = 4;

    private final int channels;
    private final double[] sum;
    private long rows;

    /** Whether some sums below the diagonal are missing. */
    private boolean half;

    Products(int channels) {
        this.channels = channels;
        this.sum = new double[Math.multiplyExact(channels, channels)];
    }

    /** Adds {@code rows} tokens, x and y [rows][channels], which are one array always or never. */
    void add(float[] x, float[] y, int rows) {
        int strips = (channels + WIDE - 1) / WIDE;
        IntStream.range(0, strips).parallel().forEach(strip -> {
            int first = Math.min(strip * WIDE, Math.max(0, channels - WIDE));
            int begin = x == y ? first : 0;
            float[][] part = new float[WIDE][channels];
            for (int row = 0; row < rows; row += CHUNK) {
                int end = Math.min(rows, row + CHUNK);
                int at = row;
                for (; at + TOGETHER <= end; at += TOGETHER) {
                    addRows(x, y, at, first, begin, part);
                }
                for (; at < end; at++) {
                    addRow(x, y, at, first, begin, part);
                }
                for (int i = strip * WIDE - first; i < WIDE; i++) {
                    for (int j = begin; j < channels; j++) {
                        sum[(first + i) * channels + j] += part[i][j];
                    }
                }
                for (float[] own : part) {
                    Arrays.fill(own, 0);
                }
            }
        });
        this.rows += rows;
        half |= x == y;
    }

    private void addRow(float[] x, float[] y, int row, int first, int begin, float[][] part) {
        for (int i = 0; i < WIDE; i++) {
            float factor = x[row * channels + first + i];
            for (int j = begin; j < channels; j++) {
                part[i][j] += factor * y[row * channels + j];
            }
        }
    }

    /** Four rows of sums from four tokens: each value of y is loaded once for four products. */
    private void addRows(float[] x, float[] y, int row, int first, int begin, float[][] part) {
        float[] p0 = part[0];
        float[] p1 = part[1];
        float[] p2 = part[2];
        float[] p3 = part[3];
        int a0 = row * channels;
        int a1 = a0 + channels;
        int a2 = a1 + channels;
        int a3 = a2 + channels;
        float x00 = x[a0 + first];
        float x01 = x[a0 + first + 1];
        float x02 = x[a0 + first + 2];
        float x03 = x[a0 + first + 3];
        float x10 = x[a1 + first];
        float x11 = x[a1 + first + 1];
        float x12 = x[a1 + first + 2];
        float x13 = x[a1 + first + 3];
        float x20 = x[a2 + first];
        float x21 = x[a2 + first + 1];
        float x22 = x[a2 + first + 2];
        float x23 = x[a2 + first + 3];
        float x30 = x[a3 + first];
        float x31 = x[a3 + first + 1];
        float x32 = x[a3 + first + 2];
        float x33 = x[a3 + first + 3];
        for (int j = begin; j < channels; j++) {
            float y0 = y[a0 + j];
            float y1 = y[a1 + j];
            float y2 = y[a2 + j];
            float y3 = y[a3 + j];
            p0[j] += x00 * y0 + x10 * y1 + x20 * y2 + x30 * y3;
            p1[j] += x01 * y0 + x11 * y1 + x21 * y2 + x31 * y3;
            p2[j] += x02 * y0 + x12 * y1 + x22 * y2 + x32 * y3;
            p3[j] += x03 * y0 + x13 * y1 + x23 * y2 + x33 * y3;
        }
    }

    int channels() {
        return channels;
    }

    /** Tokens added. */
    long rows() {
        return rows;
    }

    /** The sums themselves, [channels of x][channels of y]. */
    double[] sum() {
        if (half) {
            IntStream.range(0, channels).parallel().forEach(i -> {
                for (int j = 0; j < i; j++) {
                    sum[i * channels + j] = sum[j * channels + i];
                }
            });
            half = false;
        }
        return sum;
    }

    /** The sums on the diagonal, one for each channel, over the tokens. */
    double[] meanSquares() {
        return IntStream.range(0, channels)
                .mapToDouble(i -> sum[i * channels + i] / rows)
                .toArray();
    }

    /** Sum of the diagonal. */
    double trace() {
        return IntStream.range(0, channels)
                .mapToDouble(i -> sum[i * channels + i])
                .sum();
    }
}
