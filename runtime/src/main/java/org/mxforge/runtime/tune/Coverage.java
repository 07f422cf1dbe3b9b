package org.mxforge.runtime.tune;

/**
 * How far a search went.
 *
 * @param tried configurations tried
 * @param worth configurations worth trying: the legal ones that the search's order did not drop
 */
public record Coverage(int tried, int worth) {
    public Coverage {
        if (tried <= 0 || tried > worth) {
            throw new IllegalArgumentException("a search cannot try " + tried + " of " + worth + " configurations");
        }
    }

    /** Whether everything worth trying was tried. */
    public boolean complete() {
        return tried == worth;
    }
}
