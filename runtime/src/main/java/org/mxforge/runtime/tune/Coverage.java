package org.mxforge.runtime.tune;

/**
 * How far a search went.
 *
 * @param tried configurations tried
 * @param legal configurations there were
 */
public record Coverage(int tried, int legal) {
    public Coverage {
        if (tried <= 0 || tried > legal) {
            throw new IllegalArgumentException("a search cannot try " + tried + " of " + legal + " configurations");
        }
    }

    /** Whether every legal configuration was tried. */
    public boolean complete() {
        return tried == legal;
    }
}
