package org.mxforge.runtime.quant;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A reorder index.
 *
 * @param index new channel i is old channel {@code index[i]}; a permutation of {@code 0 .. channels-1}
 */
public record ChannelOrder(int[] index) {
    public ChannelOrder {
        boolean[] seen = new boolean[index.length];
        for (int channel : index) {
            if (channel < 0 || channel >= seen.length || seen[channel]) {
                throw new IllegalArgumentException(
                        "the reorder index is not a permutation: channel " + channel + " is out of range or repeated");
            }
            seen[channel] = true;
        }
    }

    /** Every channel where it is. */
    public static ChannelOrder identity(int channels) {
        return new ChannelOrder(IntStream.range(0, channels).toArray());
    }

    public int channels() {
        return index.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelOrder that && Arrays.equals(index, that.index);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(index);
    }
}
