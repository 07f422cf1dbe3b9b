package org.mxforge.runtime.base.options;

import org.mxforge.runtime.base.MxForgeException;

/**
 * How a text is continued.
 *
 * @param maxTokens most new tokens
 * @param temperature divides the logits; 0 takes the most likely token each time
 * @param topP share of probability that tokens are drawn from, above 0 and at most 1
 * @param seed of the random numbers; the same seed gives the same text on the same device
 */
public record GenerationOptions(int maxTokens, float temperature, float topP, long seed) {
    public GenerationOptions {
        if (maxTokens < 1) {
            throw new MxForgeException("the number of new tokens is " + maxTokens + ", it must be 1 or more");
        }
        if (!(temperature >= 0) || temperature == Float.POSITIVE_INFINITY) {
            throw new MxForgeException("the temperature is " + temperature + ", it must be 0 (greedy) or more");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new MxForgeException("top-p is " + topP + ", it must be above 0 and at most 1");
        }
    }

    /** The most likely token each time. */
    public static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, 0, 1, 0);
    }
}
