// GENERATED from mxquantize/v2;side=activation;formats=e4m3;rule=ceil;groups=g32;prologue=none;in=fp32;tolerance=exact|rows_cpu|cpu|; do not edit
package org.mxforge.generated.cpu;

import java.util.Arrays;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.runtime.cpu.CpuMxQuantize;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Quantizes FP32 rows after prologue {@code none}, scales by rule {@code ceil}; partitions e4m3.
 */
public final class Mxquantize_activation_e4m3_ceil_g32_none_fp32_exact_rows_cpu_cpu implements CpuMxQuantize {
    @Override
    public void quantize(CpuMxQuantize.Operands operands, int begin, int end) {
        int[] order = operands.order();
        float[] x = operands.x();
        PackedPartition part0 = operands.out().partitions().get(0);
        for (int row = begin; row < end; row++) {
            int at = row * order.length;
            int first = 0;
            rowE4m3(x, at, order, first, part0, row);
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
     * Packs 32 codes of 8 bits to {@code packed[at ..]}, the first in the lowest bits.
     */
    private static void pack8(int[] codes, byte[] packed, int at) {
        for (int i = 0; i < 32; i++) {
            packed[at + i] = (byte) codes[i];
        }
    }
}
