package org.mxforge.runtime;

import java.time.Duration;

/**
 * How well a model expects a text.
 *
 * @param window tokens a window
 * @param windows windows scored
 * @param tokens tokens scored, {@code window - 1} in each window
 * @param meanNll mean negative log likelihood of a token, in nats
 * @param time what scoring took
 */
public record TextScore(int window, int windows, long tokens, double meanNll, Duration time) {
    /** {@code exp} of the mean. */
    public double perplexity() {
        return Math.exp(meanNll);
    }

    /** Tokens of whole windows, the first of each included, in a second. */
    public double tokensPerSecond() {
        return (double) windows * window * 1e9 / Math.max(1, time.toNanos());
    }
}
