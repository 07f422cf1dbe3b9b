package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.LinearInput;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;

/** Reordered, quantized and packed activations. */
record CpuMxInput(PackedMatrix matrix, InputQuantization quantization) implements LinearInput {
    @Override
    public int rows() {
        return matrix.rows();
    }

    @Override
    public int channels() {
        return quantization.split().channels();
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
