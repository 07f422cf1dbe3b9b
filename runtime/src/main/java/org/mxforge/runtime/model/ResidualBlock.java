package org.mxforge.runtime.model;

import org.mxforge.runtime.model.family.DecoderLayer;

/** A part of a decoder layer that reads the residual stream through its own norm and adds its result to it. */
interface ResidualBlock {
    /**
     * Loads block {@code index} of a model: the attention of a layer where that is even, its feed-forward part where it is odd.
     *
     * @param layer number {@code index / 2}
     */
    static ResidualBlock of(LayerLoader loader, DecoderLayer layer, int index) {
        return index % 2 == 0
                ? new Attention(loader, index / 2, layer.attention())
                : layer.feedForward()
                        .map(
                                gated -> new DenseFeedForward(loader, gated),
                                routed -> new RoutedFeedForward(loader, routed));
    }

    void forward(ForwardPass pass);

    /** Whether it may be part of a {@link org.mxforge.runtime.exec.spi.Backend.RecordedStep}. */
    default boolean isRecordable() {
        return true;
    }
}
