package org.mxforge.runtime;

import org.mxforge.runtime.eval.PerplexityResult;

/**
 * How well a model expects a text.
 *
 * @param window tokens a window
 * @param windows windows scored
 * @param tokens tokens scored, {@code window - 1} in each window
 * @param meanNll mean negative log likelihood of a token, in nats
 */
public record TextScore(int window, int windows, long tokens, double meanNll) {
    static TextScore of(PerplexityResult result) {
        return new TextScore(result.window(), result.windows(), result.tokens(), result.meanNll());
    }

    /** {@code exp} of the mean. */
    public double perplexity() {
        return Math.exp(meanNll);
    }
}
