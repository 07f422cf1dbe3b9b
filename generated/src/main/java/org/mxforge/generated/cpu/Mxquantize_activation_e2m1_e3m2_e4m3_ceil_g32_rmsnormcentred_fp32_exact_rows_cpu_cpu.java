// GENERATED from mxquantize/v2;side=activation;formats=e2m1+e3m2+e4m3;rule=ceil;groups=g32;prologue=rmsnormcentred;in=fp32;tolerance=exact|rows_cpu|cpu|; do not edit
package org.mxforge.generated.cpu;

import java.util.Arrays;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.cpu.RootMeanSquare;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Quantizes FP32 rows after prologue {@code rmsnormcentred}, scales by rule {@code ceil}; partitions e2m1, e3m2, e4m3.
 */
public final class Mxquantize_activation_e2m1_e3m2_e4m3_ceil_g32_rmsnormcentred_fp32_exact_rows_cpu_cpu implements CpuMxQuantize {
    @Override
    public void quantize(CpuMxQuantize.Operands operands, int begin, int end) {
        int[] order = operands.order();
        float[] x = new float[order.length];
        PackedPartition part0 = operands.out().partitions().get(0);
        PackedPartition part1 = operands.out().partitions().get(1);
        PackedPartition part2 = operands.out().partitions().get(2);
        for (int row = begin; row < end; row++) {
            prologue(operands, row * order.length, x);
            int first = 0;
            rowE2m1(x, 0, order, first, part0, row);
            first += part0.channels();
            rowE3m2(x, 0, order, first, part1, row);
            first += part1.channels();
            rowE4m3(x, 0, order, first, part2, row);
        }
    }

    /**
     * Brings the row that begins at {@code from} through the prologue.
     */
    private static void prologue(CpuMxQuantize.Operands operands, int from, float[] row) {
        float[] x = operands.x();
        float[] weight = operands.weight();
        float factor = RootMeanSquare.factor(x, from, row.length, operands.epsilon());
        for (int i = 0; i < row.length; i++) {
            row[i] = x[from + i] * factor * weight[i] - operands.centre()[i];
        }
    }

    /**
     * Quantizes the channels {@code order[first ..]} of one row, which begins at {@code x[at]}.
     */
    private static void rowE2m1(float[] x, int at, int[] order, int first, PackedPartition part,
            int row) {
        float[] group = new float[32];
        int[] codes = new int[32];
        int groups = part.channels() / 32;
        for (int g = 0; g < groups; g++) {
            // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
            int largest = 0;
            for (int i = 0; i < 32; i++) {
                group[i] = x[at + order[first + 32 * g + i]];
                largest = Math.max(largest, Float.floatToRawIntBits(group[i]) & 0x7fffffff);
            }
            int scale = ScaleCodec.ceil(Float.intBitsToFloat(largest), 2, 4194304);
            int index = row * groups + g;
            part.scales()[index] = (byte) scale;
            encodeE2m1(group, ScaleCodec.reciprocal(scale), codes);
            pack4(codes, part.codes(), index * 16);
        }
    }

    /**
     * Quantizes the channels {@code order[first ..]} of one row, which begins at {@code x[at]}.
     */
    private static void rowE3m2(float[] x, int at, int[] order, int first, PackedPartition part,
            int row) {
        float[] group = new float[32];
        int[] codes = new int[32];
        int groups = part.channels() / 32;
        for (int g = 0; g < groups; g++) {
            // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
            int largest = 0;
            for (int i = 0; i < 32; i++) {
                group[i] = x[at + order[first + 32 * g + i]];
                largest = Math.max(largest, Float.floatToRawIntBits(group[i]) & 0x7fffffff);
            }
            int scale = ScaleCodec.ceil(Float.intBitsToFloat(largest), 4, 6291456);
            int index = row * groups + g;
            part.scales()[index] = (byte) scale;
            encodeE3m2(group, ScaleCodec.reciprocal(scale), codes);
            pack6(codes, part.codes(), index * 24);
        }
    }

    /**
     * Quantizes the channels {@code order[first ..]} of one row, which begins at {@code x[at]}.
     */
    private static void rowE4m3(float[] x, int at, int[] order, int first, PackedPartition part,
            int row) {
        float[] group = new float[32];
        int[] codes = new int[32];
        int groups = part.channels() / 32;
        for (int g = 0; g < groups; g++) {
            // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
            int largest = 0;
            for (int i = 0; i < 32; i++) {
                group[i] = x[at + order[first + 32 * g + i]];
                largest = Math.max(largest, Float.floatToRawIntBits(group[i]) & 0x7fffffff);
            }
            int scale = ScaleCodec.ceil(Float.intBitsToFloat(largest), 8, 6291456);
            int index = row * groups + g;
            part.scales()[index] = (byte) scale;
            encodeE4m3(group, ScaleCodec.reciprocal(scale), codes);
            pack8(codes, part.codes(), index * 32);
        }
    }

    /**
     * Rounds {@code group[i] * factor} to the nearest code, ties to even, saturating. Adding 2^(22 + exponent) leaves the
     * quotient by the code's step in the last bits of the sum, rounded as additions are.
     */
    private static void encodeE2m1(float[] group, float factor, int[] codes) {
        if (factor != factor) {
            Arrays.fill(codes, 7);
            return;
        }
        for (int i = 0; i < 32; i++) {
            int bits = Float.floatToRawIntBits(group[i] * factor);
            int magnitude = bits & 0x7fffffff;
            int exponent = Math.max(magnitude >>> 23, 127);
            int magic = exponent + 22 << 23;
            int steps = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(magic)) - magic;
            int code = Math.min((exponent - 127 << 1) + steps, 7);
            codes[i] = bits >>> 31 << 3 | code;
        }
    }

    /**
     * Rounds {@code group[i] * factor} to the nearest code, ties to even, saturating. Adding 2^(21 + exponent) leaves the
     * quotient by the code's step in the last bits of the sum, rounded as additions are.
     */
    private static void encodeE3m2(float[] group, float factor, int[] codes) {
        if (factor != factor) {
            Arrays.fill(codes, 31);
            return;
        }
        for (int i = 0; i < 32; i++) {
            int bits = Float.floatToRawIntBits(group[i] * factor);
            int magnitude = bits & 0x7fffffff;
            int exponent = Math.max(magnitude >>> 23, 125);
            int magic = exponent + 21 << 23;
            int steps = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(magic)) - magic;
            int code = Math.min((exponent - 125 << 2) + steps, 31);
            codes[i] = bits >>> 31 << 5 | code;
        }
    }

    /**
     * Rounds {@code group[i] * factor} to the nearest code, ties to even, saturating. Adding 2^(20 + exponent) leaves the
     * quotient by the code's step in the last bits of the sum, rounded as additions are.
     */
    private static void encodeE4m3(float[] group, float factor, int[] codes) {
        if (factor != factor) {
            Arrays.fill(codes, 127);
            return;
        }
        for (int i = 0; i < 32; i++) {
            int bits = Float.floatToRawIntBits(group[i] * factor);
            int magnitude = bits & 0x7fffffff;
            int exponent = Math.max(magnitude >>> 23, 121);
            int magic = exponent + 20 << 23;
            int steps = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(magic)) - magic;
            int code = Math.min((exponent - 121 << 3) + steps, 126);
            codes[i] = bits >>> 31 << 7 | code;
        }
    }

    /**
     * Packs 32 codes of 4 bits to {@code packed[at ..]}, the first in the lowest bits.
     */
    private static void pack4(int[] codes, byte[] packed, int at) {
        for (int i = 0; i < 16; i++) {
            packed[at + i] = (byte) (codes[2 * i] | codes[2 * i + 1] << 4);
        }
    }

    /**
     * Packs 32 codes of 6 bits to {@code packed[at ..]}, the first in the lowest bits.
     */
    private static void pack6(int[] codes, byte[] packed, int at) {
        for (int i = 0; i < 8; i++) {
            int fourCodes = codes[4 * i] | codes[4 * i + 1] << 6 | codes[4 * i + 2] << 12 | codes[4 * i + 3] << 18;
            packed[at + 3 * i] = (byte) fourCodes;
            packed[at + 3 * i + 1] = (byte) (fourCodes >>> 8);
            packed[at + 3 * i + 2] = (byte) (fourCodes >>> 16);
        }
    }

    /**
     * Packs 32 codes of 8 bits to {@code packed[at ..]}, the first in the lowest bits.
     */
    private static void pack8(int[] codes, byte[] packed, int at) {
        for (int i = 0; i < 32; i++) {
            packed[at + i] = (byte) codes[i];
        }
    }
}
