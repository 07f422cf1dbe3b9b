package org.mxforge.runtime.quant;

import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * One partition of a packed operand in host memory.
 *
 * @param format element format
 * @param rows rows (output channels, or tokens)
 * @param channels columns, a multiple of 32
 * @param codes {@code [rows][channels * bits / 8]}, see {@link CodePacking}
 * @param scales E8M0 bytes, {@code [rows][channels / 32]}
 */
public record PackedPartition(ElementFormat format, int rows, int channels, byte[] codes, byte[] scales) {
    public PackedPartition {
        if (rows < 0 || channels < 0) {
            throw new IllegalArgumentException("a packed partition cannot be " + rows + "x" + channels);
        }
        long codeBytes = rows * CodePacking.bytes(format, channels);
        long scaleBytes = (long) rows * (channels / GroupLayout.GROUP);
        if (channels % GroupLayout.GROUP != 0 || codes.length != codeBytes || scales.length != scaleBytes) {
            throw new IllegalArgumentException(rows + "x" + channels + " " + format.text() + " needs " + codeBytes
                    + " code and " + scaleBytes + " scale bytes, not " + codes.length + " and " + scales.length);
        }
    }

    /** Zero codes and scales. */
    static PackedPartition zeros(ElementFormat format, int rows, int channels) {
        return new PackedPartition(
                format,
                rows,
                channels,
                new byte[Math.toIntExact(rows * CodePacking.bytes(format, channels))],
                new byte[Math.multiplyExact(rows, channels / GroupLayout.GROUP)]);
    }

    /** Row {@code order[i]} of this partition as row i. */
    PackedPartition withRows(int[] order) {
        return new PackedPartition(
                format,
                order.length,
                channels,
                withRows(codes, Math.toIntExact(CodePacking.bytes(format, channels)), order),
                withRows(scales, channels / GroupLayout.GROUP, order));
    }

    private static byte[] withRows(byte[] rows, int bytes, int[] order) {
        byte[] result = new byte[Math.multiplyExact(bytes, order.length)];
        for (int i = 0; i < order.length; i++) {
            System.arraycopy(rows, order[i] * bytes, result, i * bytes, bytes);
        }
        return result;
    }

    /** The scales as {@code layout}, which is no folded one, places them, with zeros in its padding. */
    public byte[] scales(OperandLayout layout) {
        int groups = channels / GroupLayout.GROUP;
        byte[] placed = new byte[Math.toIntExact(layout.scaleBytes(rows, groups))];
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < groups; group++) {
                placed[Math.toIntExact(layout.scaleOffset(row, group, groups))] = scales[row * groups + group];
            }
        }
        return placed;
    }
}
