package org.mxforge.runtime.convert;

import org.mxforge.runtime.exec.spi.LinearWeight;
import org.mxforge.runtime.model.LinearWeights;
import org.mxforge.runtime.model.PlainWeights;
import org.mxforge.runtime.quant.LinearLayer;

/** The layers of a plain checkpoint, quantized while they are loaded; biases as in the plain one. */
record PlannedWeights(QuantizationPlan plan) implements LinearWeights {
    @Override
    public LinearWeight weight(LinearLayer layer) {
        return new LinearWeight.Quantized(plan.quantize(layer));
    }

    @Override
    public float[] bias(LinearLayer layer) {
        return new PlainWeights(plan.weights()).bias(layer);
    }
}
