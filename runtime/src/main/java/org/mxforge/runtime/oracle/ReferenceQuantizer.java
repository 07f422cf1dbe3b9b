package org.mxforge.runtime.oracle;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Reorder-quantize on the host, the definition of what {@link org.mxforge.dsl.spec.MxQuantizeSpec} computes without a
 * prologue: gather the channels, transform each group, choose the scale of each group by its largest magnitude, multiply by the scale's
 * reciprocal, round, pack. Scales lie row by row. A group that holds a NaN or an infinity gets scale 255, and since that
 * scale's reciprocal is NaN, each of its codes is what NaN encodes to.
 *
 * <p>Instances are immutable, so that threads may quantize different rows at once.
 */
public final class ReferenceQuantizer {
    private final InputQuantization input;
    private final Side side;

    /** Quantizes one side of the products that {@code input} describes. */
    public ReferenceQuantizer(InputQuantization input, Side side) {
        this.input = input;
        this.side = side;
    }

    /** A quantizer that leaves the channels in their order. */
    public static ReferenceQuantizer inOrder(ChannelSplit split, Side side, ScaleRule rule) {
        return new ReferenceQuantizer(InputQuantization.inOrder(split, rule), side);
    }

    /**
     * Quantizes a whole matrix.
     *
     * @param values {@code [rows][channels]}, channels in their original order
     */
    public PackedMatrix quantize(float[] values, int rows) {
        int channels = input.split().channels();
        if (values.length != (long) rows * channels) {
            throw new IllegalArgumentException(
                    rows + " rows of " + channels + " channels are not " + values.length + " values");
        }
        PackedMatrix packed = allocate(rows);
        for (int row = 0; row < rows; row++) {
            quantizeRow(values, row * channels, packed, row);
        }
        return packed;
    }

    /** A matrix of zero codes in this quantizer's formats, for {@link #quantizeRow} to fill. */
    public PackedMatrix allocate(int rows) {
        return PackedMatrix.zeros(input.split(), side, rows);
    }

    /** Quantizes the row that begins at {@code values[offset]} into row {@code row} of {@code packed}. */
    public void quantizeRow(float[] values, int offset, PackedMatrix packed, int row) {
        GroupLayout layout = input.split().groups();
        float[] group = new float[layout.size()];
        byte[] codes = new byte[layout.size()];
        int first = 0;
        for (PackedPartition partition : packed.partitions()) {
            int groups = partition.rowScales();
            for (int i = 0; i < groups; i++, first += layout.size()) {
                for (int j = 0; j < group.length; j++) {
                    group[j] = values[offset + input.order()[first + j]];
                }
                input.transform().apply(side, group);
                int index = row * groups + i;
                partition.scales()[index] = (byte) quantizeGroup(group, partition.format(), codes);
                CodePacking.pack(
                        partition.format(),
                        codes,
                        0,
                        codes.length,
                        partition.codes(),
                        index * layout.bytes(partition.format()));
            }
        }
    }

    private int quantizeGroup(float[] group, ElementFormat format, byte[] codes) {
        ScaleFormat scales = input.split().groups().format();
        // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
        int largest = 0;
        for (float value : group) {
            largest = Math.max(largest, Float.floatToRawIntBits(value) & 0x7fffffff);
        }
        int scale = scales.choose(input.rule(), Float.intBitsToFloat(largest), format);
        float reciprocal = scales.reciprocal(scale);
        for (int j = 0; j < group.length; j++) {
            codes[j] = (byte) format.encode(group[j] * reciprocal);
        }
        return scale;
    }
}
