package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.cuda.driver.CudaStream;
import org.mxforge.runtime.exec.spi.Matrix;

/**
 * A row-major matrix in GPU memory.
 *
 * @param memory where it begins
 * @param type BF16 for activations, FP32 for the residual stream and logits
 * @param isView whether the memory belongs to another matrix
 */
record CudaMatrix(Scratch memory, ScalarType type, int rows, int columns, boolean isView) implements Matrix {
    static CudaMatrix allocate(Gpu gpu, ScalarType type, int rows, int columns) {
        if (rows < 0 || columns < 0) {
            throw new IllegalArgumentException("a matrix cannot be " + rows + "x" + columns);
        }
        long bytes = (long) rows * columns * type.bytes();
        return new CudaMatrix(
                gpu.scratch("a " + rows + "x" + columns + " " + type.text() + " matrix", bytes),
                type,
                rows,
                columns,
                false);
    }

    /** {@code matrix} as one of this backend's. */
    static CudaMatrix of(Matrix matrix) {
        if (matrix instanceof CudaMatrix cuda) {
            return cuda;
        }
        throw new IllegalArgumentException("the CUDA backend was given a matrix of another backend");
    }

    /** {@code matrix} as one of this backend's, of the given type and shape. */
    static CudaMatrix of(Matrix matrix, ScalarType type, int rows, int columns) {
        CudaMatrix cuda = of(matrix);
        if (cuda.type != type || cuda.rows != rows || cuda.columns != columns) {
            throw new IllegalArgumentException("a matrix is " + cuda.rows + "x" + cuda.columns + " " + cuda.type.text()
                    + " where " + rows + "x" + columns + " " + type.text() + " is needed");
        }
        return cuda;
    }

    /** {@code matrix} as activations with {@code columns} columns. */
    static CudaMatrix activations(Matrix matrix, int columns) {
        return of(matrix, ScalarType.BF16, matrix.rows(), columns);
    }

    long address() {
        return memory.address();
    }

    long rowBytes() {
        return (long) columns * type.bytes();
    }

    /** Puts {@code part}, which has as many rows, into the columns from {@code column} on, in the order of {@code stream}. */
    void place(CudaStream stream, CudaMatrix part, int column) {
        if (part.rows != rows || part.type != type || column < 0 || part.columns > columns - column) {
            throw new IllegalArgumentException(part.rows + "x" + part.columns + " do not fit into the columns from "
                    + column + " on of " + rows + "x" + columns);
        }
        memory.buffer()
                .copyRows(
                        stream, (long) column * type.bytes(), rowBytes(), part.memory.buffer(), part.rowBytes(), rows);
    }

    float[] download() {
        float[] values = new float[Math.multiplyExact(rows, columns)];
        if (type == ScalarType.FP32) {
            memory.buffer().download(values);
            return values;
        }
        short[] bits = new short[values.length];
        memory.buffer().download(bits);
        for (int i = 0; i < bits.length; i++) {
            values[i] = Bfloat16.toFloat(bits[i]);
        }
        return values;
    }

    @Override
    public CudaMatrix first(int rows) {
        if (rows < 0 || rows > this.rows) {
            throw new IllegalArgumentException("the first " + rows + " of " + this.rows + " rows");
        }
        return new CudaMatrix(memory, type, rows, columns, true);
    }

    @Override
    public void close() {
        if (!isView) {
            memory.close();
        }
    }
}
