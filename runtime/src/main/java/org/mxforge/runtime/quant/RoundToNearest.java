package org.mxforge.runtime.quant;

import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Side;

/** Rounds each group of a weight under the scale that its largest magnitude asks for; rows in parallel. */
final class RoundToNearest implements WeightQuantizer {
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
        float[] group = new float[layout.size()];
        byte[] codes = new byte[layout.size()];
        int start = Math.multiplyExact(row, input.split().channels());
        int channel = 0;
        for (PackedPartition partition : packed.partitions()) {
            int groups = partition.rowScales();
            for (int index = row * groups; index < (row + 1) * groups; index++) {
                for (int i = 0; i < group.length; i++) {
                    group[i] = weight[start + input.order()[channel++]];
                }
                input.transform().apply(Side.WEIGHT, group);
                ElementFormat format = partition.format();
                int scale = scales.choose(input.rule(), largest(group), format);
                float reciprocal = scales.reciprocal(scale);
                for (int i = 0; i < group.length; i++) {
                    codes[i] = (byte) format.encode(group[i] * reciprocal);
                }
                partition.scales()[index] = (byte) scale;
                CodePacking.pack(format, codes, 0, codes.length, partition.codes(), index * layout.bytes(format));
            }
        }
    }

    private static float largest(float[] group) {
        float largest = 0;
        for (float value : group) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }
}
