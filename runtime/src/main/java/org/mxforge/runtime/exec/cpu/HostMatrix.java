package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.Matrix;

/** FP32, row-major, in one array; views share it and differ in {@code rows}. */
record HostMatrix(float[] values, int rows, int columns) implements Matrix {
    static HostMatrix allocate(int rows, int columns) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("a matrix cannot be " + rows + "x" + columns);
        }
        return new HostMatrix(HostMemory.floats((long) rows * columns), rows, columns);
    }

    /** {@code matrix} as one of this backend's, of the given shape. */
    static HostMatrix of(Matrix matrix, int rows, int columns) {
        HostMatrix host = of(matrix);
        if (host.rows != rows || host.columns != columns) {
            throw new IllegalArgumentException(
                    "a matrix is " + host.rows + "x" + host.columns + " where " + rows + "x" + columns + " is needed");
        }
        return host;
    }

    static HostMatrix of(Matrix matrix) {
        if (matrix instanceof HostMatrix host) {
            return host;
        }
        throw new IllegalArgumentException("the CPU backend was given a matrix of another backend");
    }

    /** Puts {@code part}, which has as many rows, into the columns from {@code column} on. */
    void place(HostMatrix part, int column) {
        if (part.rows != rows || column < 0 || part.columns > columns - column) {
            throw new IllegalArgumentException(part.rows + "x" + part.columns + " do not fit into the columns from "
                    + column + " on of " + rows + "x" + columns);
        }
        for (int row = 0; row < rows; row++) {
            System.arraycopy(part.values, row * part.columns, values, row * columns + column, part.columns);
        }
    }

    @Override
    public HostMatrix first(int rows) {
        if (rows < 0 || rows > this.rows) {
            throw new IllegalArgumentException("the first " + rows + " of " + this.rows + " rows");
        }
        return new HostMatrix(values, rows, columns);
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
