package org.mxforge.runtime.convert;

import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.checkpoint.safetensors.WeightReader;
import org.mxforge.runtime.model.LinearLayer;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.QuantizedWeight;

/**
 * Quantizes layers of a plain checkpoint by a plan, rows in parallel. The reference quantizer does the work: weights are
 * quantized once, and so being the definition counts for more than being the fastest.
 */
record LayerQuantizer(QuantizationPlan plan, WeightReader weights) {
    /**
     * The quantized weight of {@code layer}.
     *
     * @throws org.mxforge.runtime.base.MxForgeException naming the tensor if it is missing or misshapen or holds a NaN or an infinity
     */
    QuantizedWeight quantize(LinearLayer layer) {
        InputQuantization input = plan.input(layer);
        int channels = layer.channels();
        short[] bf16 = weights.bf16(layer.name() + ".weight", layer.outputs(), channels);
        ReferenceQuantizer quantizer = new ReferenceQuantizer(input, Side.WEIGHT);
        PackedMatrix packed = quantizer.allocate(layer.outputs());
        IntStream.range(0, layer.outputs()).parallel().forEach(row -> {
            float[] values = new float[channels];
            for (int c = 0; c < channels; c++) {
                values[c] = Bfloat16.toFloat(bf16[row * channels + c]);
            }
            quantizer.quantizeRow(values, 0, packed, row);
        });
        return new QuantizedWeight(packed, input);
    }
}
