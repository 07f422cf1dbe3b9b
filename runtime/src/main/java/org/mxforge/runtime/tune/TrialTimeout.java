package org.mxforge.runtime.tune;

/** A candidate did not end in time and was stopped. */
public final class TrialTimeout extends RuntimeException {
    private static final long serialVersionUID = 1;

    public TrialTimeout(String message) {
        super(message);
    }
}
