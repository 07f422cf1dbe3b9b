package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * Reorder-quantize of activations straight to FP8 containers on the host: the definition of what
 * {@link org.mxforge.dsl.spec.MxQuantizeSpec} computes with folded scales, where the rule is written down, without a prologue.
 */
final class FoldedQuantizer {
    private static final int BIAS = 127;
    private static final int NAN_SCALE = 255;
    /** The exponent of a row in which nothing is other than zero. */
    private static final int NO_EXPONENT = Integer.MIN_VALUE;

    private final InputQuantization input;
    private final List<FoldedFormat> formats;
    private final boolean rounds;

    /** Quantizes the activations that {@code input} describes; unless it {@code rounds}, they have no partition in FP8. */
    FoldedQuantizer(InputQuantization input, boolean rounds) {
        this.input = input;
        this.rounds = rounds;
        this.formats = input.split().partitions().stream()
                .map(partition -> FoldedFormat.of(Side.ACTIVATION.format(partition.formats())))
                .toList();
    }

    /**
     * Quantizes a whole matrix.
     *
     * @param values {@code [rows][channels]}, channels in their original order
     * @return bytes of rows in the padding are zero, as are factors of one there; groups count as rounded if a code was
     */
    FoldedMatrix quantize(float[] values, int rows) {
        int channels = input.split().channels();
        if (values.length != (long) rows * channels) {
            throw new IllegalArgumentException(
                    rows + " rows of " + channels + " channels are not " + values.length + " values");
        }
        float[] factors = new float[(rows + ContainerTile.ROWS - 1) / ContainerTile.ROWS * ContainerTile.ROWS];
        Arrays.fill(factors, 1);
        List<byte[]> tiles = new ArrayList<>();
        for (Partition partition : input.split().partitions()) {
            tiles.add(new byte[Math.toIntExact(ContainerTile.bytes(rows, partition.channels()))]);
        }
        long rounded = 0;
        for (int row = 0; row < rows; row++) {
            List<Group> groups = groups(values, row * channels);
            int exponent = exponent(groups);
            factors[row] = exponent == NAN_SCALE ? Float.NaN : (float) Math.scalb(1.0, exponent - BIAS);
            for (Group group : groups) {
                rounded += store(group, exponent, tiles.get(group.partition), row) ? 0 : 1;
            }
        }
        List<FoldedMatrix.Partition> partitions = new ArrayList<>();
        for (int p = 0; p < tiles.size(); p++) {
            partitions.add(new FoldedMatrix.Partition(
                    formats.get(p).element(), input.split().partitions().get(p).channels(), tiles.get(p)));
        }
        return new FoldedMatrix(rows, partitions, factors, rounded);
    }

    /** Numbers that share a scale: group {@code index} of a partition in one row. */
    private record Group(int partition, int index, float[] values, int scale) {}

    private List<Group> groups(float[] values, int offset) {
        List<Group> groups = new ArrayList<>();
        int first = 0;
        for (int p = 0; p < formats.size(); p++) {
            int count = GroupLayout.MX.count(input.split().partitions().get(p).channels());
            for (int i = 0; i < count; i++, first += GroupLayout.GROUP) {
                float[] gathered = new float[GroupLayout.GROUP];
                for (int j = 0; j < gathered.length; j++) {
                    gathered[j] = values[offset + input.order()[first + j]];
                }
                input.transform().apply(Side.ACTIVATION, gathered);
                int largest = 0;
                for (float value : gathered) {
                    // As integers, magnitudes compare as they do as numbers, and NaN comes out above infinity.
                    largest = Math.max(largest, Float.floatToRawIntBits(value) & 0x7fffffff);
                }
                int scale = input.rule()
                        .scale(Float.intBitsToFloat(largest), formats.get(p).element());
                groups.add(new Group(p, i, gathered, scale));
            }
        }
        return groups;
    }

    private int exponent(List<Group> groups) {
        int exponent = NO_EXPONENT;
        for (Group group : groups) {
            if (group.scale == NAN_SCALE) {
                return NAN_SCALE;
            }
            FoldedFormat format = formats.get(group.partition);
            for (float value : group.values) {
                int code = code(value, group.scale, format.element());
                if (format.element().decode(code) != 0) {
                    exponent = Math.max(exponent, group.scale - format.highest());
                }
            }
        }
        return exponent == NO_EXPONENT ? BIAS : exponent;
    }

    /** Stores a group; whether every code is exactly what is stored. */
    private boolean store(Group group, int exponent, byte[] tiles, int row) {
        FoldedFormat format = formats.get(group.partition);
        int scale = rounds ? group.scale : Math.max(group.scale, exponent + format.lowest());
        int channels = input.split().partitions().get(group.partition).channels();
        boolean exact = true;
        for (int j = 0; j < group.values.length; j++) {
            float value = format.element().decode(code(group.values[j], scale, format.element()));
            // Under the least of shifts nothing is left of any element.
            float shifted = value == 0 ? value : Math.scalb(value, Math.max(-64, scale - exponent));
            int stored = format.container().encode(shifted);
            exact &= Float.isNaN(value) || format.container().decode(stored) == shifted;
            int channel = group.index * GroupLayout.GROUP + j;
            tiles[Math.toIntExact(ContainerTile.offset(row, channel, channels))] = (byte) stored;
        }
        return exact;
    }

    private static int code(float value, int scale, ElementFormat format) {
        return format.encode(value * ScaleCodec.reciprocal(scale));
    }
}
