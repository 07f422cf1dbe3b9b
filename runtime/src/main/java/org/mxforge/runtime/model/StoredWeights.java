package org.mxforge.runtime.model;

import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.backend.Linear;
import org.mxforge.runtime.quant.store.QuantizedTensors;

/**
 * The layers of a quantized checkpoint, with biases as in a plain one.
 *
 * @param quantized the packed weights
 * @param plain the reader of the biases
 */
record StoredWeights(QuantizedTensors quantized, PlainWeights plain) implements LinearWeights {
    @Override
    public Linear load(LinearLayer layer, Backend backend) {
        return backend.linear(quantized.weight(layer.name(), layer.outputs(), layer.channels()), plain.bias(layer));
    }
}
