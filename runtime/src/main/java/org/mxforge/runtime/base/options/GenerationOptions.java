package org.mxforge.runtime.base.options;

import java.util.List;
import org.mxforge.runtime.base.MxForgeException;

/**
 * How a text is continued.
 *
 * @param maxTokens most new tokens
 * @param temperature divides the logits; 0 takes the most likely token each time
 * @param topP share of probability that tokens are drawn from, above 0 and at most 1
 * @param seed of the random numbers; the same seed gives the same text on the same device
 * @param stops texts that end it where one of them comes, and are no part of it
 */
public record GenerationOptions(int maxTokens, float temperature, float topP, long seed, List<String> stops) {
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
        stops = List.copyOf(stops);
        if (stops.contains("")) {
            throw new MxForgeException("a text that is to end the generation is empty: give one, or none");
        }
    }

    /** Without texts that end it. */
    public GenerationOptions(int maxTokens, float temperature, float topP, long seed) {
        this(maxTokens, temperature, topP, seed, List.of());
    }

    /** The most likely token each time. */
    public static GenerationOptions greedy(int maxTokens) {
        return new GenerationOptions(maxTokens, 0, 1, 0);
    }

    public GenerationOptions withSeed(long seed) {
        return new GenerationOptions(maxTokens, temperature, topP, seed, stops);
    }

    /** Ended by each of {@code stops}. */
    public GenerationOptions withStops(List<String> stops) {
        return new GenerationOptions(maxTokens, temperature, topP, seed, stops);
    }
}
