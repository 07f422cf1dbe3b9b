package org.mxforge.runtime.calibration;

import org.mxforge.runtime.quant.ChannelOrder;
import org.mxforge.runtime.quant.PartCounts;
import org.mxforge.runtime.quant.PartShares;

/**
 * The result of calibration at one site.
 *
 * @param site the input that its layers share, such as {@code model.layers.0.self_attn.qkv}
 * @param tokens rows seen; 0 when no token reached the site
 * @param absMax largest magnitude seen
 * @param shares elements fit for each width, at all sites of its family
 * @param counts channels in each part, in the new order
 * @param order new channel i is old channel {@code order[i]}
 */
public record SiteCalibration(
        String site, long tokens, float absMax, PartShares shares, PartCounts counts, ChannelOrder order) {
    public SiteCalibration {
        if (counts.channels() != order.channels()) {
            throw new IllegalArgumentException(
                    site + " has an order of " + order.channels() + " channels but counts for " + counts.channels());
        }
    }

    public int channels() {
        return order.channels();
    }
}
