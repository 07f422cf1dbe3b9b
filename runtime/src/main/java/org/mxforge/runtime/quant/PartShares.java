package org.mxforge.runtime.quant;

/**
 * How many activation elements of a site calibration found fit for each width, over all tokens.
 *
 * @param p4 elements below the FP4 threshold of their token
 * @param p6 elements from there to below the FP6 threshold
 * @param p8 the others
 */
record PartShares(long p4, long p6, long p8) {
    public PartShares {
        if (p4 < 0 || p6 < 0 || p8 < 0) {
            throw new IllegalArgumentException("element counts " + p4 + ", " + p6 + " and " + p8 + " are negative");
        }
    }

    public long elements() {
        return p4 + p6 + p8;
    }
}
