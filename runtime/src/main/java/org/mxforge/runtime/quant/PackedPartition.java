package org.mxforge.runtime.quant;

import java.util.List;
import java.util.function.Function;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * One partition of a packed operand in host memory.
 *
 * @param format element format
 * @param groups the groups that share a scale
 * @param rows rows (output channels, or tokens)
 * @param channels columns, a multiple of what the groups want
 * @param codes {@code [rows][channels * bits / 8]}, see {@link CodePacking}
 * @param scales {@code [rows][groups]}, a byte each
 */
public record PackedPartition(
        ElementFormat format, GroupLayout groups, int rows, int channels, byte[] codes, byte[] scales) {
    public PackedPartition {
        if (rows < 0 || channels < 0) {
            throw new IllegalArgumentException("a packed partition cannot be " + rows + "x" + channels);
        }
        long codeBytes = rows * CodePacking.bytes(format, channels);
        long scaleBytes = (long) rows * groups.count(channels);
        if (channels % groups.channelMultiple() != 0 || codes.length != codeBytes || scales.length != scaleBytes) {
            throw new IllegalArgumentException(rows + "x" + channels + " " + format.text() + " needs " + codeBytes
                    + " code and " + scaleBytes + " scale bytes, not " + codes.length + " and " + scales.length);
        }
    }

    /** A partition in groups of OCP MX. */
    public PackedPartition(ElementFormat format, int rows, int channels, byte[] codes, byte[] scales) {
        this(format, GroupLayout.MX, rows, channels, codes, scales);
    }

    /** Zero codes and scales. */
    static PackedPartition zeros(ElementFormat format, GroupLayout groups, int rows, int channels) {
        return new PackedPartition(
                format,
                groups,
                rows,
                channels,
                new byte[Math.toIntExact(rows * CodePacking.bytes(format, channels))],
                new byte[Math.multiplyExact(rows, groups.count(channels))]);
    }

    /** The rows of all {@code parts}, which have one format and the same channels, one below the other. */
    static PackedPartition joined(List<PackedPartition> parts) {
        PackedPartition first = parts.get(0);
        return new PackedPartition(
                first.format,
                first.groups,
                parts.stream().mapToInt(PackedPartition::rows).sum(),
                first.channels,
                joined(parts, PackedPartition::codes),
                joined(parts, PackedPartition::scales));
    }

    private static byte[] joined(List<PackedPartition> parts, Function<PackedPartition, byte[]> bytes) {
        int length = parts.stream().mapToInt(part -> bytes.apply(part).length).reduce(0, Math::addExact);
        byte[] all = new byte[length];
        int at = 0;
        for (PackedPartition part : parts) {
            byte[] own = bytes.apply(part);
            System.arraycopy(own, 0, all, at, own.length);
            at += own.length;
        }
        return all;
    }

    /** Row {@code order[i]} of this partition as row i. */
    PackedPartition withRows(int[] order) {
        return new PackedPartition(
                format,
                groups,
                order.length,
                channels,
                withRows(codes, Math.toIntExact(CodePacking.bytes(format, channels)), order),
                withRows(scales, rowScales(), order));
    }

    private static byte[] withRows(byte[] rows, int bytes, int[] order) {
        byte[] result = new byte[Math.multiplyExact(bytes, order.length)];
        for (int i = 0; i < order.length; i++) {
            System.arraycopy(rows, order[i] * bytes, result, i * bytes, bytes);
        }
        return result;
    }

    /** Scales of one row. */
    public int rowScales() {
        return groups.count(channels);
    }

    /** The scales as {@code layout}, which is no folded one, places them, with zeros in its padding. */
    public byte[] scales(OperandLayout layout) {
        int groupsOfRow = rowScales();
        byte[] placed = new byte[Math.toIntExact(layout.scaleBytes(rows, groupsOfRow))];
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < groupsOfRow; group++) {
                placed[Math.toIntExact(layout.scaleOffset(row, group, groupsOfRow))] =
                        scales[row * groupsOfRow + group];
            }
        }
        return placed;
    }
}
