package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Linear;
import org.mxforge.runtime.exec.spi.LinearWeight;
import org.mxforge.runtime.quant.LinearLayer;

/** Where the linear layers of a decoder come from: a plain checkpoint, or a quantized one. */
public interface LinearWeights {
    /**
     * Reads the weight of a layer.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the tensor that is missing, misshapen or damaged
     */
    LinearWeight weight(LinearLayer layer);

    /** The layer's bias, or null where it has none. */
    float[] bias(LinearLayer layer);

    /** Brings a layer onto {@code backend}. */
    default Linear load(LinearLayer layer, Backend backend) {
        return weight(layer).on(backend, bias(layer));
    }
}
