package org.mxforge.runtime.quant;

import java.util.Arrays;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;

/**
 * How the input of a linear layer is quantized on the fly; shared by the layers that read the same input (q, k and v; gate
 * and up).
 *
 * @param split partitions of the reordered channels
 * @param order reorder index: new channel i is old channel {@code order[i]}; a permutation of {@code 0 .. channels-1}
 * @param rule how activation scales are chosen
 */
public record InputQuantization(ChannelSplit split, int[] order, ScaleRule rule) {
    public InputQuantization {
        if (new ChannelOrder(order).channels() != split.channels()) {
            throw new IllegalArgumentException(
                    "a reorder index for " + split.channels() + " channels has " + order.length + " entries");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputQuantization that
                && split.equals(that.split)
                && rule == that.rule
                && Arrays.equals(order, that.order);
    }

    @Override
    public int hashCode() {
        return 31 * split.hashCode() + Arrays.hashCode(order);
    }
}
