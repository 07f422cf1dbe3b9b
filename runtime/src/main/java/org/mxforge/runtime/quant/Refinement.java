package org.mxforge.runtime.quant;

import java.util.Map;

/**
 * What a search found for one model: how its tensors are changed, its inputs quantized and its weights rounded.
 *
 * @param transform what is done to the tensors first
 * @param inputs how the input of each site is quantized, by its name
 * @param weights the quantized weight of each layer, by its name
 */
public record Refinement(
        TensorTransform transform, Map<String, InputQuantization> inputs, Map<String, QuantizedWeight> weights) {
    public Refinement {
        inputs = Map.copyOf(inputs);
        weights = Map.copyOf(weights);
    }

    /** How the input of {@code site} is quantized. */
    public InputQuantization input(LinearSite site) {
        return inputs.get(site.name());
    }

    /** The quantized weight of {@code layer}. */
    public QuantizedWeight weight(LinearLayer layer) {
        return weights.get(layer.name());
    }
}
