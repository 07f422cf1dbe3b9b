package org.mxforge.runtime.oracle;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.pack.FoldedMatrix;

/** Reads folded operands as the tensor cores do, in plain Java: an implementation of its own of what the templates say. */
public final class FoldedValues {
    private FoldedValues() {}

    /** All values, {@code [rows][channels]}, partitions side by side. */
    public static double[] of(FoldedMatrix matrix, OperandLayout layout, Side side) {
        int channels = matrix.partitions().stream()
                .mapToInt(FoldedMatrix.Partition::channels)
                .sum();
        double[] values = new double[matrix.rows() * channels];
        int first = 0;
        for (FoldedMatrix.Partition partition : matrix.partitions()) {
            boolean packed = side == Side.WEIGHT && layout.keepsFragments(partition.format());
            for (int row = 0; row < matrix.rows(); row++) {
                for (int channel = 0; channel < partition.channels(); channel++) {
                    double stored;
                    if (layout == OperandLayout.BF16) {
                        stored = wide(partition, Bf16Tile.offset(row, channel, partition.channels()));
                    } else if (packed && layout.widens(partition.format())) {
                        stored = wideFragment(partition, row, channel);
                    } else if (layout.widens(partition.format())) {
                        stored = wide(partition, ContainerTile.offset(row, 2 * channel, 2 * partition.channels()));
                    } else {
                        int container = packed ? fragment(partition, row, channel) : container(partition, row, channel);
                        stored = FoldedFormat.of(partition.format()).container().decode(container);
                    }
                    values[row * channels + first + channel] = stored * matrix.factors()[row];
                }
            }
            first += partition.channels();
        }
        return values;
    }

    private static float wide(FoldedMatrix.Partition partition, long at) {
        return Bfloat16.toFloat(ByteBuffer.wrap(partition.tiles())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getShort((int) at));
    }

    /** What register decoding to BF16 makes of one code: bits where BF16 has them, times a power of two. */
    private static float wideFragment(FoldedMatrix.Partition partition, int row, int channel) {
        FragmentTile tile = new FragmentTile(partition.format());
        int group = channel / 32;
        int block = (int) tile.block(row, group, partition.channels());
        int step = partition.tiles()[block + tile.stepOffset(row, group) + channel % 32 / 16 * 2] & 0xff;
        int code = partition.tiles()[block + tile.word(row, group, channel % 32 / 4) + channel % 4];
        int placed = (code & 0x7f) << 7 - partition.format().mantissaBits() | code >> 7 << 15;
        return Bfloat16.toFloat((short) placed) * Bfloat16.toFloat((short) (step << 7));
    }

    private static int container(FoldedMatrix.Partition partition, int row, int channel) {
        return partition.tiles()[(int) ContainerTile.offset(row, channel, partition.channels())] & 0xff;
    }

    /** What register decoding makes of one code. */
    private static int fragment(FoldedMatrix.Partition partition, int row, int channel) {
        FragmentTile tile = new FragmentTile(partition.format());
        int group = channel / 32;
        int block = (int) tile.block(row, group, partition.channels());
        ByteBuffer bytes = ByteBuffer.wrap(partition.tiles()).order(ByteOrder.LITTLE_ENDIAN);
        int step = bytes.get(block + tile.stepOffset(row, group));
        int code = channel % 32;
        if (partition.format() == ElementFormat.E2M1) {
            int word = bytes.getInt(block + tile.word(row, group, code / 8));
            int magnitude = word >>> 4 * (code % 8) & 7;
            int sign = code % 8 < 4 ? word >>> 8 * (code % 4) + 7 & 1 : word >>> 8 * (code % 4) + 3 & 1;
            int[] table = {0, 0, 4, 6, 8, 10, 12, 14};
            return sign << 7 | (magnitude == 0 ? 0 : table[magnitude] + 4 * step);
        }
        int half = code / 16 * 3;
        int lane = code % 4;
        int[] words = new int[3];
        for (int i = 0; i < 3; i++) {
            words[i] = bytes.getInt(block + tile.word(row, group, half + i)) >>> 8 * lane & 0xff;
        }
        int third = code % 16 / 4;
        int placed = third < 3
                ? words[third] & 0x9f
                : (words[0] >> 6 & 1) << 7 | (words[0] >> 5 & 1) << 4 | (words[1] >> 5 & 3) << 2 | words[2] >> 5 & 3;
        float value = Math.scalb(ElementFormat.E5M2.decode(placed), step);
        return ElementFormat.E5M2.encode(value);
    }
}
