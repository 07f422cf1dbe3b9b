package org.mxforge.runtime.quant;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Side;

/** Rounds each group of a weight under the scale that its largest magnitude asks for; rows in parallel. */
final class RoundToNearest implements WeightQuantizer {
    /** By format: a BF16 number times a power of two is one, and no branch of an encoder has to be guessed. */
    private static final List<byte[]> OF_BF16 =
            Stream.of(ElementFormat.values()).map(RoundToNearest::ofBf16).toList();

    @Override
    public InputStatistics.Kind needs() {
        return InputStatistics.Kind.NONE;
    }

    @Override
    public PackedMatrix quantize(float[] weight, int outputs, InputStatistics statistics, InputQuantization input) {
        PackedMatrix packed = PackedMatrix.zeros(input.split(), Side.WEIGHT, outputs);
        IntStream.range(0, outputs).parallel().forEach(row -> quantizeRow(weight, row, input, packed));
        return packed;
    }

    private static void quantizeRow(float[] weight, int row, InputQuantization input, PackedMatrix packed) {
        GroupLayout layout = input.split().groups();
        ScaleFormat scales = layout.format();
        int[] order = input.order();
        float[] group = new float[layout.size()];
        byte[] codes = new byte[layout.size()];
        int start = Math.multiplyExact(row, input.split().channels());
        int channel = 0;
        for (PackedPartition partition : packed.partitions()) {
            int groups = partition.rowScales();
            for (int index = row * groups; index < (row + 1) * groups; index++) {
                for (int i = 0; i < group.length; i++) {
                    group[i] = weight[start + order[channel++]];
                }
                input.transform().apply(Side.WEIGHT, group);
                ElementFormat format = partition.format();
                int scale = scales.choose(input.rule(), largest(group), format);
                float reciprocal = scales.reciprocal(scale);
                encode(group, reciprocal, format, codes);
                partition.scales()[index] = (byte) scale;
                CodePacking.pack(format, codes, 0, codes.length, partition.codes(), index * layout.bytes(format));
            }
        }
    }

    private static void encode(float[] group, float factor, ElementFormat format, byte[] codes) {
        byte[] known = OF_BF16.get(format.ordinal());
        for (int i = 0; i < group.length; i++) {
            float value = group[i] * factor;
            int bits = Float.floatToRawIntBits(value);
            codes[i] = (bits & 0xffff) == 0 ? known[bits >>> 16] : (byte) format.encode(value);
        }
    }

    /** The codes of all BF16 numbers. */
    private static byte[] ofBf16(ElementFormat format) {
        byte[] codes = new byte[1 << 16];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) format.encode(Bfloat16.toFloat((short) i));
        }
        return codes;
    }

    private static float largest(float[] group) {
        // Magnitudes compare as their bits do.
        int largest = 0;
        for (float value : group) {
            largest = Math.max(largest, Float.floatToRawIntBits(value) & 0x7fffffff);
        }
        return Float.intBitsToFloat(largest);
    }
}
