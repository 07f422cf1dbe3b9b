package org.mxforge.runtime.convert;

import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.PackedMatrix;

/** Quantizes a layer when its first tensor is written and lets go of it after its last, since a model may not fit in memory. */
final class PassingLayer implements Supplier<PackedMatrix> {
    private final QuantizationPlan plan;
    private final LinearLayer layer;
    private final int tensors;
    private final LongConsumer progress;
    private PackedMatrix packed;
    private int asked;

    PassingLayer(QuantizationPlan plan, LinearLayer layer, int tensors, LongConsumer progress) {
        this.plan = plan;
        this.layer = layer;
        this.tensors = tensors;
        this.progress = progress;
    }

    @Override
    public PackedMatrix get() {
        PackedMatrix current = packed == null ? plan.quantize(layer).matrix() : packed;
        packed = current;
        if (++asked == tensors) {
            packed = null;
            progress.accept((long) layer.outputs() * layer.channels());
        }
        return current;
    }
}
