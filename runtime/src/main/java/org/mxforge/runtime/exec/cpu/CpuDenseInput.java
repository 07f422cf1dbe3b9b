package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.LinearInput;

/** Plain activations; without a step in between they share the matrix they came from. */
record CpuDenseInput(HostMatrix matrix) implements LinearInput {
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
        // The garbage collector owns the memory.
    }
}
