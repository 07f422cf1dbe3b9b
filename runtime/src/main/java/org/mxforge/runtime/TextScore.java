package org.mxforge.runtime;

/**
 * How well a model expects a text.
 *
 * @param window tokens a window
 * @param windows windows scored
 * @param tokens tokens scored, {@code window - 1} in each window
 * @param meanNll mean negative log likelihood of a token, in nats
 */
public record TextScore(int window, int windows, long tokens, double meanNll) {
    /** {@code exp} of the mean. */
    public double perplexity() {
        return Math.exp(meanNll);
    }
}
