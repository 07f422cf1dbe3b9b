package org.mxforge.runtime.base.options;

import org.mxforge.runtime.base.MxForgeException;

/**
 * What a model is timed at: sequences of random tokens that are read together and then continued together.
 *
 * @param batch sequences
 * @param prefill tokens of each before it is continued
 * @param decode steps in which each gets one token more
 * @param warmUps runs before those that are timed
 * @param repeats runs that are timed
 */
public record Workload(int batch, int prefill, int decode, int warmUps, int repeats) {
    /** More rows would be no work for one device; as many still have indexes. */
    private static final long MOST_ROWS = 1 << 22;

    public Workload {
        atLeast(1, batch, "sequences in a batch");
        atLeast(1, prefill, "prefill tokens");
        atLeast(1, decode, "decode steps");
        atLeast(0, warmUps, "warm-up runs");
        atLeast(1, repeats, "repeats");
        if ((long) batch * prefill > MOST_ROWS) {
            throw new MxForgeException(batch + " sequences of " + prefill + " tokens are more than the " + MOST_ROWS
                    + " tokens that are read together at most: choose a smaller batch or prefill");
        }
    }

    private static void atLeast(int least, int number, String what) {
        if (number < least) {
            throw new MxForgeException("the number of " + what + " is " + number + ": give " + least + " or more");
        }
    }

    /** Tokens of all runs, the one included in which each kernel is timed. */
    public long tokens() {
        return ((long) prefill + decode) * batch * (warmUps + repeats + 1L);
    }

    /**
     * Makes sure that its sequences fit into a context.
     *
     * @param positions the longest context of a model, in tokens
     */
    public void checkFits(int positions) {
        if ((long) prefill + decode > positions) {
            throw new MxForgeException("prefill of " + prefill + " and decode of " + decode
                    + " tokens need a context of " + ((long) prefill + decode) + ", but the model takes " + positions
                    + ": choose fewer");
        }
    }
}
