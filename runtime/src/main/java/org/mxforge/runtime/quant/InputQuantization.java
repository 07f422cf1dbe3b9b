package org.mxforge.runtime.quant;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.GroupTransform;

/**
 * How the input of a linear layer is quantized on the fly; shared by the layers that read the same input (q, k and v; gate
 * and up).
 *
 * @param split partitions of the reordered channels
 * @param order reorder index: new channel i is old channel {@code order[i]}; a permutation of {@code 0 .. channels-1}
 * @param rule how activation scales are chosen
 * @param transform what each group of the reordered channels goes through first, and of the weights' as well
 */
public record InputQuantization(ChannelSplit split, int[] order, ScaleRule rule, GroupTransform transform) {
    public InputQuantization {
        if (order.length != split.channels()) {
            throw new IllegalArgumentException(
                    "a reorder index for " + split.channels() + " channels has " + order.length + " entries");
        }
        requirePermutation(order);
    }

    /** Groups as they are. */
    public InputQuantization(ChannelSplit split, int[] order, ScaleRule rule) {
        this(split, order, rule, GroupTransform.NONE);
    }

    /** The channels where they are. */
    public static InputQuantization inOrder(ChannelSplit split, ScaleRule rule) {
        return new InputQuantization(split, identity(split), rule);
    }

    private static int[] identity(ChannelSplit split) {
        return IntStream.range(0, split.channels()).toArray();
    }

    /** The same with the channels where they are. */
    public InputQuantization inOrder() {
        return new InputQuantization(split, identity(split), rule, transform);
    }

    /** The same after {@code other} transform. */
    public InputQuantization with(GroupTransform other) {
        return new InputQuantization(split, order, rule, other);
    }

    /** An {@link IllegalArgumentException} unless {@code order} names each channel once. */
    static void requirePermutation(int[] order) {
        boolean[] seen = new boolean[order.length];
        for (int channel : order) {
            if (channel < 0 || channel >= seen.length || seen[channel]) {
                throw new IllegalArgumentException(
                        "the reorder index is not a permutation: channel " + channel + " is out of range or repeated");
            }
            seen[channel] = true;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InputQuantization that
                && split.equals(that.split)
                && rule == that.rule
                && transform == that.transform
                && Arrays.equals(order, that.order);
    }

    @Override
    public int hashCode() {
        return 31 * split.hashCode() + Arrays.hashCode(order);
    }
}
