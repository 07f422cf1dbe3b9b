// GENERATED from mxgemm/v2;pairs=e2m1xe2m1+e3m2xe2m1+e4m3xe2m1;groups=g32;epilogue=swiglu;out=fp32;tolerance=exact|panels|cpu|bk=64,bm=256,bn=128; do not edit
package org.mxforge.generated.cpu;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.runtime.cpu.CpuMxGemm;
import org.mxforge.runtime.cpu.DecodeTable;
import org.mxforge.runtime.cpu.Silu;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * D = swiglu(A * B^T) in FP32 on packed operands; partitions (A x B) e2m1xe2m1, e3m2xe2m1, e4m3xe2m1.
 */
public final class Mxgemm_e2m1xe2m1_e3m2xe2m1_e4m3xe2m1_g32_swiglu_fp32_exact_panels_cpu_bk64_bm256_bn128 implements CpuMxGemm {
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

    /**
     * The value of every code.
     */
    private static final float[] E2M1 = DecodeTable.of(ElementFormat.E2M1);

    /**
     * The value of every code.
     */
    private static final float[] E3M2 = DecodeTable.of(ElementFormat.E3M2);

    /**
     * The value of every code.
     */
    private static final float[] E4M3 = DecodeTable.of(ElementFormat.E4M3);

    @Override
    public int tileRows() {
        return BM;
    }

    @Override
    public int tileColumns() {
        return BN;
    }

    @Override
    public void decode(PackedMatrix activations, int begin, int end, float[] values) {
        PackedPartition part0 = activations.partitions().get(0);
        PackedPartition part1 = activations.partitions().get(1);
        PackedPartition part2 = activations.partitions().get(2);
        int channels = part0.channels() + part1.channels() + part2.channels();
        for (int row = begin; row < end; row++) {
            int to = row * channels;
            rowE2m1(part0, row, values, to);
            to += part0.channels();
            rowE3m2(part1, row, values, to);
            to += part1.channels();
            rowE4m3(part2, row, values, to);
        }
    }

    @Override
    public void tile(CpuMxGemm.Operands operands, int begin, int end, int column) {
        float[] a = operands.activations();
        int n = operands.weights().rows();
        int width = Math.min(BN, n - column);
        float[][] sums = new float[end - begin][BN];
        if (sums.length == 1) {
            row(a, begin, operands.weights(), column, width, sums[0]);
        } else {
            PackedPartition part0 = operands.weights().partitions().get(0);
            PackedPartition part1 = operands.weights().partitions().get(1);
            PackedPartition part2 = operands.weights().partitions().get(2);
            int channels = part0.channels() + part1.channels() + part2.channels();
            float[][] panel = new float[BK / 8][8 * BN];
            int at = begin * channels;
            for (int block = 0; block < part0.channels(); block += BK) {
                int depth = Math.min(BK, part0.channels() - block);
                panelE2m1(part0, block, depth, column, width, panel);
                multiply(a, at + block, channels, panel, depth / 8, sums);
            }
            at += part0.channels();
            for (int block = 0; block < part1.channels(); block += BK) {
                int depth = Math.min(BK, part1.channels() - block);
                panelE2m1(part1, block, depth, column, width, panel);
                multiply(a, at + block, channels, panel, depth / 8, sums);
            }
            at += part1.channels();
            for (int block = 0; block < part2.channels(); block += BK) {
                int depth = Math.min(BK, part2.channels() - block);
                panelE2m1(part2, block, depth, column, width, panel);
                multiply(a, at + block, channels, panel, depth / 8, sums);
            }
        }
        finish(sums, begin, column, width, operands.out(), n);
    }

    /**
     * One row of activations: weights are decoded row by row, since no panel would be used twice.
     */
    private static void row(float[] a, int begin, PackedMatrix weights, int column, int width,
            float[] sum) {
        PackedPartition part0 = weights.partitions().get(0);
        PackedPartition part1 = weights.partitions().get(1);
        PackedPartition part2 = weights.partitions().get(2);
        int channels = part0.channels() + part1.channels() + part2.channels();
        float[] decoded = new float[channels];
        for (int j = 0; j < width; j++) {
            int to = 0;
            rowE2m1(part0, column + j, decoded, to);
            to += part0.channels();
            rowE2m1(part1, column + j, decoded, to);
            to += part1.channels();
            rowE2m1(part2, column + j, decoded, to);
            sum[j] = dot(a, begin * channels, decoded);
        }
    }

    /**
     * Decodes 32 codes from {@code at} on to {@code values[to ..]}; the product with a power of two is exact.
     */
    private static void groupE2m1(byte[] codes, int at, float scale, float[] values, int to) {
        for (int i = 0; i < 16; i++) {
            int codePair = codes[at + i];
            values[to + 2 * i] = E2M1[codePair & 15] * scale;
            values[to + 2 * i + 1] = E2M1[codePair >>> 4 & 15] * scale;
        }
    }

    /**
     * Decodes one row of a partition to {@code values[to ..]}.
     */
    private static void rowE2m1(PackedPartition part, int row, float[] values, int to) {
        int groups = part.channels() / 32;
        for (int g = 0; g < groups; g++) {
            int index = row * groups + g;
            float scale = ScaleCodec.decode(part.scales()[index] & 255);
            groupE2m1(part.codes(), index * 16, scale, values, to + 32 * g);
        }
    }

    /**
     * Decodes 32 codes from {@code at} on to {@code values[to ..]}; the product with a power of two is exact.
     */
    private static void groupE3m2(byte[] codes, int at, float scale, float[] values, int to) {
        for (int i = 0; i < 8; i++) {
            int b = at + 3 * i;
            int fourCodes = codes[b] & 255 | (codes[b + 1] & 255) << 8 | (codes[b + 2] & 255) << 16;
            values[to + 4 * i] = E3M2[fourCodes & 63] * scale;
            values[to + 4 * i + 1] = E3M2[fourCodes >>> 6 & 63] * scale;
            values[to + 4 * i + 2] = E3M2[fourCodes >>> 12 & 63] * scale;
            values[to + 4 * i + 3] = E3M2[fourCodes >>> 18] * scale;
        }
    }

    /**
     * Decodes one row of a partition to {@code values[to ..]}.
     */
    private static void rowE3m2(PackedPartition part, int row, float[] values, int to) {
        int groups = part.channels() / 32;
        for (int g = 0; g < groups; g++) {
            int index = row * groups + g;
            float scale = ScaleCodec.decode(part.scales()[index] & 255);
            groupE3m2(part.codes(), index * 24, scale, values, to + 32 * g);
        }
    }

    /**
     * Decodes 32 codes from {@code at} on to {@code values[to ..]}; the product with a power of two is exact.
     */
    private static void groupE4m3(byte[] codes, int at, float scale, float[] values, int to) {
        for (int i = 0; i < 32; i++) {
            values[to + i] = E4M3[codes[at + i] & 255] * scale;
        }
    }

    /**
     * Decodes one row of a partition to {@code values[to ..]}.
     */
    private static void rowE4m3(PackedPartition part, int row, float[] values, int to) {
        int groups = part.channels() / 32;
        for (int g = 0; g < groups; g++) {
            int index = row * groups + g;
            float scale = ScaleCodec.decode(part.scales()[index] & 255);
            groupE4m3(part.codes(), index * 32, scale, values, to + 32 * g);
        }
    }

    /**
     * Decodes {@code depth} channels from {@code block} on of {@code width} weight rows, transposed: channel k of row n
     * goes to {@code panel[k / 8][k % 8 * BN + n]}.
     */
    private static void panelE2m1(PackedPartition part, int block, int depth, int column, int width,
            float[][] panel) {
        float[] group = new float[32];
        int groups = part.channels() / 32;
        for (int n = 0; n < width; n++) {
            for (int g = 0; g < depth / 32; g++) {
                int index = (column + n) * groups + block / 32 + g;
                float scale = ScaleCodec.decode(part.scales()[index] & 255);
                groupE2m1(part.codes(), index * 16, scale, group, 0);
                for (int k = 0; k < 32; k += 8) {
                    float[] p = panel[(32 * g + k) / 8];
                    p[n + 0 * BN] = group[k + 0];
                    p[n + 1 * BN] = group[k + 1];
                    p[n + 2 * BN] = group[k + 2];
                    p[n + 3 * BN] = group[k + 3];
                    p[n + 4 * BN] = group[k + 4];
                    p[n + 5 * BN] = group[k + 5];
                    p[n + 6 * BN] = group[k + 6];
                    p[n + 7 * BN] = group[k + 7];
                }
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
            int at = ((begin + row) * n + column) / 2;
            for (int j = 0; j < width / 2; j++) {
                int gate = j / 8 * 16 + j % 8;
                out[at + j] = Silu.of(sum[gate]) * sum[gate + 8];
            }
        }
    }
}
