package org.mxforge.runtime.model;

import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.exec.spi.LinearWeight;
import org.mxforge.runtime.quant.LinearLayer;

/** The layers of an unquantized checkpoint, named {@code <layer>.weight} and {@code <layer>.bias}. */
public record PlainWeights(WeightReader reader) implements LinearWeights {
    @Override
    public LinearWeight weight(LinearLayer layer) {
        short[] bf16 = reader.bf16(layer.name() + ".weight", layer.outputs(), layer.channels());
        return new LinearWeight.Plain(bf16, layer.outputs(), layer.channels());
    }

    @Override
    public float[] bias(LinearLayer layer) {
        return layer.bias() ? reader.f32(layer.name() + ".bias", layer.outputs()) : null;
    }
}
