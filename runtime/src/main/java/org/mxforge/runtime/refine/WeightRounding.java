package org.mxforge.runtime.refine;

import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Rounds the weight of a site column by column (GPTQ, arXiv 2210.17323): what rounding a column costs is made good by the columns behind
 * it, in proportion to how their inputs go together. Each group gets the scale that changes it least.
 */
final class WeightRounding {
    private static final int GROUP = GroupLayout.GROUP;

    /** Rows that one thread rounds together, so that a row of the root is read once for all of them. */
    private static final int TOGETHER = 8;

    private final double[] weight;
    private final int rows;
    private final ChannelSplit split;
    private final double[] root;
    private final PackedMatrix packed;

    private WeightRounding(double[] weight, ChannelSplit split, double[] root) {
        this.weight = weight;
        this.rows = weight.length / split.channels();
        this.split = split;
        this.root = root;
        this.packed = PackedMatrix.zeros(split, Side.WEIGHT, rows);
    }

    /**
     * Rounds {@code weight}, [rows][channels] in the order of {@code split}, which is used up.
     *
     * @param root upper triangular, whose R^T R is the inverse of the inputs' products; null to round to nearest
     */
    static PackedMatrix of(double[] weight, ChannelSplit split, double[] root) {
        WeightRounding rounding = new WeightRounding(weight, split, root);
        IntStream.range(0, (rounding.rows + TOGETHER - 1) / TOGETHER)
                .parallel()
                .forEach(tile -> rounding.round(tile * TOGETHER, Math.min(rounding.rows, (tile + 1) * TOGETHER)));
        return rounding.packed;
    }

    private void round(int begin, int end) {
        int channel = 0;
        float[] values = new float[GROUP];
        byte[][] codes = new byte[end - begin][GROUP];
        int[] scales = new int[end - begin];
        for (PackedPartition part : packed.partitions()) {
            for (int group = 0; group < part.rowScales(); group++) {
                for (int row = begin; row < end; row++) {
                    for (int i = 0; i < GROUP; i++) {
                        values[i] = (float) weight[row * split.channels() + channel + i];
                    }
                    scales[row - begin] = GroupRounding.bestScale(values, 0, part.format());
                }
                for (int i = 0; i < GROUP; i++) {
                    for (int row = begin; row < end; row++) {
                        codes[row - begin][i] = roundOne(row, channel + i, part.format(), scales[row - begin]);
                    }
                }
                for (int row = begin; row < end; row++) {
                    int index = row * part.rowScales() + group;
                    part.scales()[index] = (byte) scales[row - begin];
                    CodePacking.pack(
                            part.format(),
                            codes[row - begin],
                            0,
                            GROUP,
                            part.codes(),
                            index * split.groups().bytes(part.format()));
                }
                channel += GROUP;
            }
        }
    }

    private byte roundOne(int row, int column, ElementFormat format, int scale) {
        int channels = split.channels();
        double value = weight[row * channels + column];
        int code = format.encode((float) (value * ScaleCodec.reciprocal(scale)));
        if (root != null) {
            double rounded = (double) format.decode(code) * ScaleCodec.decode(scale);
            int at = column * channels;
            double error = (value - rounded) / root[at + column];
            int start = row * channels;
            for (int j = column + 1; j < channels; j++) {
                weight[start + j] -= error * root[at + j];
            }
        }
        return (byte) code;
    }
}
