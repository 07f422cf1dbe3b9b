package org.mxforge.runtime.quant;

import org.mxforge.dsl.layout.GroupLayout;

/**
 * How many of a site's reordered channels go to each part, smallest channels first.
 *
 * @param p4 channels in FP4
 * @param p6 channels in FP6
 * @param p8 channels in FP8
 */
public record PartCounts(int p4, int p6, int p8) {
    public PartCounts {
        if (p4 < 0 || p6 < 0 || p8 < 0 || (long) p4 + p6 + p8 > Integer.MAX_VALUE || p4 + p6 + p8 == 0) {
            throw new IllegalArgumentException(
                    "channel counts " + p4 + ", " + p6 + " and " + p8 + " must not be negative or all zero");
        }
        if (p4 % GroupLayout.GROUP != 0 || p6 % GroupLayout.GROUP != 0 || p8 % GroupLayout.GROUP != 0) {
            throw new IllegalArgumentException(
                    "channel counts " + p4 + ", " + p6 + " and " + p8 + " must be multiples of " + GroupLayout.GROUP);
        }
    }

    /** All channels of the site. */
    public int channels() {
        return p4 + p6 + p8;
    }

    /** Mean element width in bits when both sides are stored in the part's width, scales not counted. */
    public double averageBits() {
        return (4.0 * p4 + 6.0 * p6 + 8.0 * p8) / channels();
    }

    /** Whether every count is a multiple of {@code granularity}. */
    public boolean fits(int granularity) {
        return p4 % granularity == 0 && p6 % granularity == 0 && p8 % granularity == 0;
    }
}
