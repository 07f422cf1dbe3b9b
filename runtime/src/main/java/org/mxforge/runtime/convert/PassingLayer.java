package org.mxforge.runtime.convert;

import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * Quantizes or reads a layer when its first tensor is written and lets go of it after its last, since a model may not fit in memory.
 */
final class PassingLayer implements Supplier<PackedMatrix> {
    private final Supplier<PackedMatrix> source;
    private final int tensors;
    private final Runnable done;
    private PackedMatrix packed;
    private int asked;

    /**
     * @param source makes the layer
     * @param tensors how many it is written as, one behind the other
     * @param progress told of the layer's elements when it was written
     */
    PassingLayer(LinearLayer layer, Supplier<PackedMatrix> source, int tensors, LongConsumer progress) {
        this.source = source;
        this.tensors = tensors;
        this.done = () -> progress.accept((long) layer.outputs() * layer.channels());
    }

    @Override
    public PackedMatrix get() {
        PackedMatrix current = packed == null ? source.get() : packed;
        packed = current;
        if (++asked == tensors) {
            packed = null;
            done.run();
        }
        return current;
    }
}
