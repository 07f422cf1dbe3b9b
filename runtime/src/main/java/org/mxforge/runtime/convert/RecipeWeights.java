package org.mxforge.runtime.convert;

import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.exec.spi.LinearWeight;
import org.mxforge.runtime.model.LinearLayer;
import org.mxforge.runtime.model.LinearWeights;
import org.mxforge.runtime.model.PlainWeights;

/** The layers of a plain checkpoint, quantized by a plan while they are loaded: the same bits as from a saved checkpoint. */
public final class RecipeWeights implements LinearWeights {
    private final LayerQuantizer quantizer;
    private final PlainWeights plain;

    /**
     * @param plan made for the model of {@code weights}
     * @param weights a plain checkpoint's
     */
    public RecipeWeights(QuantizationPlan plan, WeightReader weights) {
        this.quantizer = new LayerQuantizer(plan, weights);
        this.plain = new PlainWeights(weights);
    }

    @Override
    public LinearWeight weight(LinearLayer layer) {
        return new LinearWeight.Quantized(quantizer.quantize(layer));
    }

    @Override
    public float[] bias(LinearLayer layer) {
        return plain.bias(layer);
    }
}
