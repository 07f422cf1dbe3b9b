package org.mxforge.runtime.quant;

import java.util.Arrays;

/**
 * The result of calibration at one site.
 *
 * @param site the input that its layers share, such as {@code model.layers.0.self_attn.qkv}
 * @param tokens rows seen; 0 when no token reached the site
 * @param absMax largest magnitude seen
 * @param shares elements fit for each width, at all sites that are cut as it is
 * @param counts channels in each part, in the new order
 * @param order new channel i is old channel {@code order[i]}; a permutation of {@code 0 .. channels-1}
 * @param statistics what was gathered for the algorithm that quantizes the weights; not part of the saved form
 */
public record SiteCalibration(
        String site,
        long tokens,
        float absMax,
        PartShares shares,
        PartCounts counts,
        int[] order,
        InputStatistics statistics) {
    public SiteCalibration {
        InputQuantization.requirePermutation(order);
        if (counts.channels() != order.length) {
            throw new IllegalArgumentException(
                    site + " has an order of " + order.length + " channels but counts for " + counts.channels());
        }
    }

    /**
     * What another program found out, without what it measured.
     *
     * @throws IllegalArgumentException if {@code order} is no permutation, or {@code counts} are not for as many channels
     */
    public static SiteCalibration given(String site, PartCounts counts, int[] order) {
        return new SiteCalibration(site, 0, 0, new PartShares(0, 0, 0), counts, order, new InputStatistics.None());
    }

    public int channels() {
        return order.length;
    }

    /** By what is saved. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SiteCalibration that
                && site.equals(that.site)
                && tokens == that.tokens
                && absMax == that.absMax
                && shares.equals(that.shares)
                && counts.equals(that.counts)
                && Arrays.equals(order, that.order);
    }

    @Override
    public int hashCode() {
        return 31 * site.hashCode() + Arrays.hashCode(order);
    }
}
