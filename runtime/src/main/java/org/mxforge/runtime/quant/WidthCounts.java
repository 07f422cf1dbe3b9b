package org.mxforge.runtime.quant;

/** How many elements were found fit for each width, at one site or at all sites that are cut alike. */
final class WidthCounts {
    private PartShares shares = new PartShares(0, 0, 0);

    void add(long p4, long p6, long p8) {
        shares = new PartShares(shares.p4() + p4, shares.p6() + p6, shares.p8() + p8);
    }

    PartShares shares() {
        return shares;
    }
}
