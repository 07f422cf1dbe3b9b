package org.mxforge.runtime.exec.cuda;

import org.mxforge.runtime.exec.spi.LinearInput;

/**
 * Plain BF16 activations.
 *
 * @param isOwner whether closing gives the matrix back
 */
record DenseInput(CudaMatrix matrix, boolean isOwner) implements LinearInput {
    long address() {
        return matrix.address();
    }

    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int channels() {
        return matrix.columns();
    }

    @Override
    public void close() {
        if (isOwner) {
            matrix.close();
        }
    }
}
