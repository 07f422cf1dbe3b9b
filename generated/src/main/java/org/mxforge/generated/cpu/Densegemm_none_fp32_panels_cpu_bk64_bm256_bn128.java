// GENERATED from densegemm/v1;epilogue=none;out=fp32|panels|cpu|bk=64,bm=256,bn=128; do not edit
package org.mxforge.generated.cpu;

import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.cpu.CpuDenseGemm;

/**
 * D = none(A * B^T) in FP32, B as it is stored.
 */
public final class Densegemm_none_fp32_panels_cpu_bk64_bm256_bn128 implements CpuDenseGemm {
    /**
     * Most rows of a tile.
     */
    private static final int BM = 256;

    /**
     * Columns of a tile.
     */
    private static final int BN = 128;

    /**
     * Channels of a panel of decoded weights.
     */
    private static final int BK = 64;

    @Override
    public int tileRows() {
        return BM;
    }

    @Override
    public int tileColumns() {
        return BN;
    }

    @Override
    public void tile(CpuDenseGemm.Operands operands, int begin, int end, int column) {
        float[] a = operands.activations();
        int n = operands.columns();
        int channels = operands.channels();
        int width = Math.min(BN, n - column);
        float[][] sums = new float[end - begin][BN];
        if (sums.length == 1) {
            row(a, begin, operands, column, width, sums[0]);
        } else {
            float[][] panel = new float[BK / 8][8 * BN];
            float[] wide = new float[BK];
            for (int block = 0; block < channels; block += BK) {
                int depth = Math.min(BK, channels - block);
                panel(operands.weights(), channels, block, depth, column, width, wide, panel);
                multiply(a, begin * channels + block, channels, panel, depth / 8, sums);
            }
            rest(a, begin, operands, column, width, sums);
        }
        finish(sums, begin, column, width, operands.out(), n);
    }

    /**
     * One row of activations: weights are widened row by row, since no panel would be used twice.
     */
    private static void row(float[] a, int begin, CpuDenseGemm.Operands operands, int column,
            int width, float[] sum) {
        float[] decoded = new float[operands.channels()];
        for (int j = 0; j < width; j++) {
            operands.weights().widen((column + j) * decoded.length, decoded.length, decoded);
            sum[j] = dot(a, begin * decoded.length, decoded);
        }
    }

    /**
     * Widens whole steps of {@code depth} channels from {@code block} on of {@code width} weight rows, transposed: channel
     * k of row n goes to {@code panel[k / 8][k % 8 * BN + n]}. The scratch {@code wide} is the caller's: with one of
     * its own HotSpot does not vectorise what follows.
     */
    private static void panel(ScalarArray weights, int channels, int block, int depth, int column,
            int width, float[] wide, float[][] panel) {
        for (int n = 0; n < width; n++) {
            weights.widen((column + n) * channels + block, depth, wide);
            for (int step = 0; step < depth / 8; step++) {
                float[] p = panel[step];
                int k = step * 8;
                p[n + 0 * BN] = wide[k + 0];
                p[n + 1 * BN] = wide[k + 1];
                p[n + 2 * BN] = wide[k + 2];
                p[n + 3 * BN] = wide[k + 3];
                p[n + 4 * BN] = wide[k + 4];
                p[n + 5 * BN] = wide[k + 5];
                p[n + 6 * BN] = wide[k + 6];
                p[n + 7 * BN] = wide[k + 7];
            }
        }
    }

    /**
     * Adds rows of activations times the first {@code steps} panels to the rows of {@code sums}.
     */
    private static void multiply(float[] a, int at, int channels, float[][] panel, int steps,
            float[][] sums) {
        for (int row = 0; row < sums.length; row++) {
            for (int step = 0; step < steps; step++) {
                multiplyStep(a, at + row * channels + step * 8, panel[step], sums[row]);
            }
        }
    }

    /**
     * Adds 8 channels of one row times a panel to {@code sum}; HotSpot vectorises the loop.
     */
    private static void multiplyStep(float[] a, int at, float[] panel, float[] sum) {
        float a0 = a[at + 0];
        float a1 = a[at + 1];
        float a2 = a[at + 2];
        float a3 = a[at + 3];
        float a4 = a[at + 4];
        float a5 = a[at + 5];
        float a6 = a[at + 6];
        float a7 = a[at + 7];
        for (int j = 0; j < BN; j++) {
            float s = Math.fma(a0, panel[j], sum[j]);
            s = Math.fma(a1, panel[j + 1 * BN], s);
            s = Math.fma(a2, panel[j + 2 * BN], s);
            s = Math.fma(a3, panel[j + 3 * BN], s);
            s = Math.fma(a4, panel[j + 4 * BN], s);
            s = Math.fma(a5, panel[j + 5 * BN], s);
            s = Math.fma(a6, panel[j + 6 * BN], s);
            s = Math.fma(a7, panel[j + 7 * BN], s);
            sum[j] = s;
        }
    }

    /**
     * Adds the channels that do not fill a step.
     */
    private static void rest(float[] a, int begin, CpuDenseGemm.Operands operands, int column,
            int width, float[][] sums) {
        int channels = operands.channels();
        for (int k = channels / 8 * 8; k < channels; k++) {
            for (int j = 0; j < width; j++) {
                float b = operands.weights().get((column + j) * channels + k);
                for (int row = 0; row < sums.length; row++) {
                    sums[row][j] = Math.fma(a[(begin + row) * channels + k], b, sums[row][j]);
                }
            }
        }
    }

    /**
     * The scalar product of {@code weights} and as many activations from {@code at} on.
     */
    private static float dot(float[] a, int at, float[] weights) {
        int k = 0;
        float s0 = 0f;
        float s1 = 0f;
        float s2 = 0f;
        float s3 = 0f;
        float s4 = 0f;
        float s5 = 0f;
        float s6 = 0f;
        float s7 = 0f;
        for (; k + 8 <= weights.length; k += 8) {
            s0 = Math.fma(a[at + k + 0], weights[k + 0], s0);
            s1 = Math.fma(a[at + k + 1], weights[k + 1], s1);
            s2 = Math.fma(a[at + k + 2], weights[k + 2], s2);
            s3 = Math.fma(a[at + k + 3], weights[k + 3], s3);
            s4 = Math.fma(a[at + k + 4], weights[k + 4], s4);
            s5 = Math.fma(a[at + k + 5], weights[k + 5], s5);
            s6 = Math.fma(a[at + k + 6], weights[k + 6], s6);
            s7 = Math.fma(a[at + k + 7], weights[k + 7], s7);
        }
        for (; k < weights.length; k++) {
            s0 = Math.fma(a[at + k], weights[k], s0);
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }

    /**
     * Brings the sums through the epilogue to D, row {@code begin} and column {@code column} on.
     */
    private static void finish(float[][] sums, int begin, int column, int width, float[] out,
            int n) {
        for (int row = 0; row < sums.length; row++) {
            float[] sum = sums[row];
            int at = (begin + row) * n + column;
            for (int j = 0; j < width; j++) {
                out[at + j] = sum[j];
            }
        }
    }
}
