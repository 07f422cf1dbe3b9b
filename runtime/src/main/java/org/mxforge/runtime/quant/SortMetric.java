package org.mxforge.runtime.quant;

import java.util.Locale;

/** What a channel is ordered by: its mean over the tokens of a sample, then the largest over samples. */
enum SortMetric {
    /** Mean of |x|, as MicroMix does. */
    MEAN,
    /** Mean of x squared: the diagonal of the Hessian X'X of the layer's squared output error. */
    HESSIAN;

    /** The token that recipe texts use. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the metrics there are
     */
    public static SortMetric parse(String text) {
        for (SortMetric metric : values()) {
            if (metric.text().equals(text)) {
                return metric;
            }
        }
        throw new IllegalArgumentException("unknown metric '" + text + "': use mean or hessian");
    }
}
