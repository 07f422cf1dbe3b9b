package org.mxforge.runtime.cuda.backend;

import java.util.List;
import org.mxforge.runtime.backend.LinearInput;
import org.mxforge.runtime.cuda.launch.MxQuantizeOutput;

/**
 * Reordered, quantized and packed activations.
 *
 * @param quantizer what made them
 * @param partitions where they lie in {@code memory}
 */
record MxInput(InputQuantizer quantizer, Scratch memory, int rows, List<MxQuantizeOutput> partitions)
        implements LinearInput {
    @Override
    public int channels() {
        return quantizer.quantization().split().channels();
    }

    @Override
    public void close() {
        memory.close();
    }
}
