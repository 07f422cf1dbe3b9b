package org.mxforge.runtime.base;

/**
 * API: work ended early because whoever started it wanted that, by {@link Progress#isCancelled} or by throwing this from a
 * listener. Nothing half-written is left behind, and what was found out until then, such as timings of kernels, is kept.
 */
public final class CancelledException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CancelledException() {
        super("cancelled");
    }
}
