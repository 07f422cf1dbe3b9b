package org.mxforge.runtime.exec.spi;

/**
 * How the next token is chosen.
 *
 * @param temperature divides the logits; more than 0
 * @param topP share of probability kept, in (0, 1]; 0 means greedy
 * @param uniform a number in [0, 1) that decides within the kept tokens; unused when greedy
 */
public record TokenChoice(float temperature, float topP, float uniform) {
    /** The most likely token, lowest id on a tie. */
    public static final TokenChoice GREEDY = new TokenChoice(1f, 0f, 0f);

    public TokenChoice {
        if (!(temperature > 0) || !(topP >= 0 && topP <= 1) || !(uniform >= 0 && uniform < 1)) {
            throw new IllegalArgumentException("temperature " + temperature + " must be above 0, top-p " + topP
                    + " from 0 to 1 and the uniform number " + uniform + " in [0, 1)");
        }
    }
}
