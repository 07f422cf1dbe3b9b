package org.mxforge.runtime.model;

import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.backend.Linear;
import org.mxforge.runtime.tensor.WeightReader;

/** The layers of an unquantized checkpoint, named {@code <layer>.weight} and {@code <layer>.bias}. */
public record PlainWeights(WeightReader reader) implements LinearWeights {
    @Override
    public Linear load(LinearLayer layer, Backend backend) {
        short[] weight = reader.bf16(layer.name() + ".weight", layer.outputs(), layer.channels());
        return backend.linear(weight, layer.outputs(), layer.channels(), bias(layer));
    }

    /** The layer's bias, or null where it has none. */
    public float[] bias(LinearLayer layer) {
        return layer.bias() ? reader.f32(layer.name() + ".bias", layer.outputs()) : null;
    }
}
