package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Folds the scales of a packed operand into its elements: of each row, the power of two that makes the largest group fit its
 * container is taken out as the row's factor, and every group is stored with the rest of its scale multiplied in.
 */
final class RowFold {
    private static final int BIAS = 127;
    private static final int NAN_SCALE = 255;

    private final PackedMatrix matrix;
    private final List<GroupFolder> folders = new ArrayList<>();

    private RowFold(PackedMatrix matrix, OperandLayout layout, Side side) {
        this.matrix = matrix;
        for (PackedPartition partition : matrix.partitions()) {
            if (!partition.groups().isMx()) {
                throw new IllegalArgumentException("groups "
                        + partition.groups().text() + " cannot be folded: only groups of 32 with e8m0 scales can");
            }
            folders.add(GroupFolder.of(partition.format(), layout, side));
        }
    }

    /**
     * Folds {@code matrix}; {@link FoldedMatrix#isExact} tells whether elements had to be rounded.
     *
     * @param layout one that folds
     * @param side operand: only weights are kept as fragments
     */
    static FoldedMatrix fold(PackedMatrix matrix, OperandLayout layout, Side side) {
        return new RowFold(matrix, layout, side).fold();
    }

    private FoldedMatrix fold() {
        int padded = (matrix.rows() + ContainerTile.ROWS - 1) / ContainerTile.ROWS * ContainerTile.ROWS;
        float[] factors = new float[padded];
        Arrays.fill(factors, 1);
        int[] exponents = new int[matrix.rows()];
        IntStream.range(0, matrix.rows()).parallel().forEach(row -> {
            exponents[row] = exponent(row);
            factors[row] = hasNanScale(row) ? Float.NaN : (float) Math.scalb(1.0, exponents[row] - BIAS);
        });
        List<FoldedMatrix.Partition> partitions = new ArrayList<>();
        long rounded = 0;
        for (int p = 0; p < folders.size(); p++) {
            PackedPartition partition = matrix.partitions().get(p);
            byte[] tiles = new byte[Math.toIntExact(folders.get(p).bytes(matrix.rows(), partition.channels()))];
            rounded += fold(partition, folders.get(p), exponents, tiles);
            partitions.add(new FoldedMatrix.Partition(partition.format(), partition.channels(), tiles));
        }
        return new FoldedMatrix(matrix.rows(), partitions, factors, rounded);
    }

    private static long fold(PackedPartition partition, GroupFolder folder, int[] exponents, byte[] tiles) {
        // Rows share no bytes of a tile.
        return IntStream.range(0, partition.rows())
                .parallel()
                .mapToLong(row -> fold(partition, folder, row, exponents[row], tiles))
                .sum();
    }

    private static long fold(PackedPartition partition, GroupFolder folder, int row, int exponent, byte[] tiles) {
        byte[] codes = new byte[GroupLayout.GROUP];
        int groups = partition.channels() / GroupLayout.GROUP;
        long rounded = 0;
        for (int group = 0; group < groups; group++) {
            unpack(partition, row * groups + group, codes);
            int scale = partition.scales()[row * groups + group] & 0xff;
            // Under a NaN scale the factor says it all.
            int shift = scale == NAN_SCALE ? 0 : scale - exponent;
            if (!folder.fold(codes, shift, row, group, partition.channels(), tiles) && scale != NAN_SCALE) {
                rounded++;
            }
        }
        return rounded;
    }

    /** The biased exponent of a row's factor: the least under which every group fits. */
    private int exponent(int row) {
        byte[] codes = new byte[GroupLayout.GROUP];
        int exponent = Integer.MIN_VALUE;
        for (int p = 0; p < folders.size(); p++) {
            PackedPartition partition = matrix.partitions().get(p);
            int groups = partition.channels() / GroupLayout.GROUP;
            for (int group = 0; group < groups; group++) {
                unpack(partition, row * groups + group, codes);
                int scale = partition.scales()[row * groups + group] & 0xff;
                int highest = folders.get(p).highestShift(codes);
                if (highest != GroupFolder.ANY && scale != NAN_SCALE) {
                    exponent = Math.max(exponent, scale - highest);
                }
            }
        }
        return exponent == Integer.MIN_VALUE ? BIAS : exponent;
    }

    private boolean hasNanScale(int row) {
        for (PackedPartition partition : matrix.partitions()) {
            int groups = partition.channels() / GroupLayout.GROUP;
            for (int group = 0; group < groups; group++) {
                if ((partition.scales()[row * groups + group] & 0xff) == NAN_SCALE) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void unpack(PackedPartition partition, int index, byte[] codes) {
        ElementFormat format = partition.format();
        CodePacking.unpack(format, partition.codes(), index * format.bytesPerGroup(), codes.length, codes, 0);
    }
}
