package org.mxforge.runtime.model;

import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.exec.spi.LinearWeight;
import org.mxforge.runtime.quant.LinearLayer;

/**
 * The layers of a quantized checkpoint, with biases as in a plain one.
 *
 * @param quantized the packed weights
 * @param plain the reader of the biases
 */
record StoredWeights(QuantizedTensors quantized, PlainWeights plain) implements LinearWeights {
    @Override
    public LinearWeight weight(LinearLayer layer) {
        return new LinearWeight.Quantized(quantized.weight(layer.name(), layer.outputs(), layer.channels()));
    }

    @Override
    public float[] bias(LinearLayer layer) {
        return plain.bias(layer);
    }
}
