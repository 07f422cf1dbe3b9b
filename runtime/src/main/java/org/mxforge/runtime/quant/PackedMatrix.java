package org.mxforge.runtime.quant;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Side;

/**
 * A packed operand of a mixed GEMM in host memory: its partitions side by side along K, all with the same rows.
 *
 * @param rows rows (output channels, or tokens)
 * @param partitions in order of accumulation, at least one
 */
public record PackedMatrix(int rows, List<PackedPartition> partitions) {
    public PackedMatrix {
        partitions = List.copyOf(partitions);
        if (partitions.isEmpty() || partitions.stream().anyMatch(p -> p.rows() != rows)) {
            throw new IllegalArgumentException("a packed matrix needs partitions that all have " + rows + " rows");
        }
    }

    /** Zero codes and scales for {@code rows} rows in the formats that {@code split} has on {@code side}, to be filled. */
    public static PackedMatrix zeros(ChannelSplit split, Side side, int rows) {
        return new PackedMatrix(
                rows,
                split.partitions().stream()
                        .map(part -> PackedPartition.zeros(
                                side.format(part.formats()), split.groups(), rows, part.channels()))
                        .toList());
    }

    /** The rows of all {@code matrices}, which have the same partitions, one below the other. */
    public static PackedMatrix joined(List<PackedMatrix> matrices) {
        int rows = matrices.stream().mapToInt(PackedMatrix::rows).sum();
        return new PackedMatrix(
                rows,
                IntStream.range(0, matrices.get(0).partitions().size())
                        .mapToObj(i -> PackedPartition.joined(matrices.stream()
                                .map(matrix -> matrix.partitions().get(i))
                                .toList()))
                        .toList());
    }

    /**
     * Row {@code order[i]} of this matrix as row i.
     *
     * @param order as many rows as there are, or fewer, or some of them again
     */
    public PackedMatrix withRows(int[] order) {
        return new PackedMatrix(
                order.length, partitions.stream().map(p -> p.withRows(order)).toList());
    }

    /** Bytes of codes and scales. */
    public long bytes() {
        return partitions.stream()
                .mapToLong(p -> p.codes().length + p.scales().length)
                .sum();
    }
}
