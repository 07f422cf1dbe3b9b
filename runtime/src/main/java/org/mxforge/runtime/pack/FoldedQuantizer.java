package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.InputQuantization;

/**
 * Reorder-quantize of activations straight to FP8 containers, or to BF16, on the host: the definition of what
 * {@link org.mxforge.dsl.spec.MxQuantizeSpec} computes with folded scales, where the rule is written down, without a prologue.
 */
final class FoldedQuantizer {
    private static final int BIAS = 127;
    private static final int NAN_SCALE = 255;
    /** The exponent of a row in which nothing is other than zero. */
    private static final int NO_EXPONENT = Integer.MIN_VALUE;

    private final InputQuantization input;
    private final List<Stored> formats;
    private final boolean rounds;

    /** Quantizes the activations that {@code input} describes; unless it {@code rounds}, what has no room in FP8 is kept in BF16. */
    FoldedQuantizer(InputQuantization input, boolean rounds) {
        this.input = input;
        this.rounds = rounds;
        this.formats = input.split().partitions().stream()
                .map(partition -> Stored.of(Side.ACTIVATION.format(partition.formats()), rounds))
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
        for (int p = 0; p < formats.size(); p++) {
            tiles.add(new byte[formats.get(p).bytes(rows, channels(p))]);
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
            partitions.add(new FoldedMatrix.Partition(formats.get(p).element(), channels(p), tiles.get(p)));
        }
        return new FoldedMatrix(rows, partitions, factors, rounded);
    }

    private int channels(int partition) {
        return input.split().partitions().get(partition).channels();
    }

    /** How elements of a format are stored: in a container, or in BF16 if that is null. */
    private record Stored(ElementFormat element, ElementFormat container, int lowest, int highest) {
        static Stored of(ElementFormat element, boolean rounds) {
            FoldedFormat folded = FoldedFormat.of(element);
            return rounds || folded.hasRoom()
                    ? new Stored(element, folded.container(), folded.lowest(), folded.highest())
                    : new Stored(element, null, FoldedFormat.LOWEST_IN_BF16, FoldedFormat.highestInBf16(element));
        }

        int bytes(int rows, int channels) {
            return Math.toIntExact(ContainerTile.bytes(rows, container == null ? 2 * channels : channels));
        }

        /** Stores {@code value}; the number that is stored. */
        float store(float value, int row, int channel, int channels, byte[] tiles) {
            if (container == null) {
                short stored = Bfloat16.fromFloat(value);
                Bf16Folder.store(stored, MixedFolder.place(row, channel, channels), tiles);
                return Bfloat16.toFloat(stored);
            }
            int stored = container.encode(value);
            tiles[Math.toIntExact(ContainerTile.offset(row, channel, channels))] = (byte) stored;
            return container.decode(stored);
        }
    }

    /** Numbers that share a scale: group {@code index} of a partition in one row. */
    private record Group(int partition, int index, float[] values, int scale) {}

    private List<Group> groups(float[] values, int offset) {
        List<Group> groups = new ArrayList<>();
        int first = 0;
        for (int p = 0; p < formats.size(); p++) {
            int count = GroupLayout.MX.count(channels(p));
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
            Stored format = formats.get(group.partition);
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
        Stored format = formats.get(group.partition);
        int scale = rounds ? group.scale : Math.max(group.scale, exponent + format.lowest());
        boolean exact = true;
        for (int j = 0; j < group.values.length; j++) {
            float value = format.element().decode(code(group.values[j], scale, format.element()));
            // Under the least of shifts nothing is left of any element.
            float shifted = value == 0 ? value : Math.scalb(value, Math.max(-64, scale - exponent));
            int channel = group.index * GroupLayout.GROUP + j;
            float stored = format.store(shifted, row, channel, channels(group.partition), tiles);
            exact &= Float.isNaN(value) || stored == shifted;
        }
        return exact;
    }

    private static int code(float value, int scale, ElementFormat format) {
        return format.encode(value * ScaleCodec.reciprocal(scale));
    }
}
