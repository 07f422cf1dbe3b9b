package org.mxforge.runtime;

import java.util.Arrays;

/**
 * Tokens whose likelihood after others is asked for.
 *
 * @param context at least one token
 * @param tokens what follows it, at least one token
 */
public record Continuation(int[] context, int[] tokens) {
    public Continuation {
        Arguments.require(context, "the context of a continuation is missing: give its tokens");
        Arguments.require(tokens, "the tokens of a continuation are missing: give them");
        if (context.length == 0 || tokens.length == 0) {
            throw new IllegalArgumentException("a continuation of " + tokens.length + " tokens after " + context.length
                    + " cannot be scored: give at least one of each");
        }
    }

    /**
     * What came of it.
     *
     * @param logLikelihood sum of the tokens' log probabilities, in nats
     * @param greedy whether each of them is the most likely one, so that greedy generation would write them
     */
    public record Score(double logLikelihood, boolean greedy) {}

    /** What a model must read for it: all but the last token, the last {@code positions} of them where there are more. */
    int[] read(int positions) {
        int[] all = Arrays.copyOf(context, context.length + tokens.length - 1);
        System.arraycopy(tokens, 0, all, context.length, tokens.length - 1);
        return Arrays.copyOfRange(all, firstRead(positions), all.length);
    }

    /** The first token that is read for it. */
    int firstRead(int positions) {
        return Math.max(0, context.length + tokens.length - 1 - positions);
    }
}
