package org.mxforge.runtime.exec.shard;

import java.util.List;
import java.util.stream.Stream;
import org.mxforge.runtime.exec.spi.Matrix;

/** A matrix on each device. */
final class ShardedMatrix implements Matrix {
    private final List<Matrix> parts;
    private final List<Matrix> summands;
    private boolean lent;
    private boolean closed;

    /**
     * A matrix of {@code parts}.
     *
     * @param parts of it, as many as devices, all of one shape
     * @param summands what each device has to add to a residual stream, where it is one
     */
    ShardedMatrix(List<Matrix> parts, List<Matrix> summands) {
        this.parts = parts;
        this.summands = summands;
    }

    static ShardedMatrix of(Matrix matrix) {
        if (matrix instanceof ShardedMatrix sharded) {
            return sharded;
        }
        throw new IllegalArgumentException("devices that share a model were given a matrix of one");
    }

    List<Matrix> parts() {
        return parts;
    }

    List<Matrix> summands() {
        return summands;
    }

    @Override
    public int rows() {
        return parts.get(0).rows();
    }

    @Override
    public int columns() {
        return parts.get(0).columns();
    }

    @Override
    public ShardedMatrix first(int rows) {
        return new ShardedMatrix(first(parts, rows), first(summands, rows));
    }

    private static List<Matrix> first(List<Matrix> matrices, int rows) {
        return matrices.stream().map(matrix -> matrix.first(rows)).toList();
    }

    /** Keeps its memory, which devices read of each other, until {@link #giveBack}, though it be closed. */
    void lend() {
        lent = true;
    }

    /** Says that no other device reads it any more. */
    void giveBack() {
        lent = false;
        if (closed) {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        if (!lent) {
            Stream.concat(parts.stream(), summands.stream()).forEach(Matrix::close);
        }
    }
}
