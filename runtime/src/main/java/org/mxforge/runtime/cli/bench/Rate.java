package org.mxforge.runtime.cli.bench;

/**
 * How fast something was done.
 *
 * @param millis milliseconds of GPU time
 * @param bytes that were read and written in it
 * @param flops operations that were done in it
 */
record Rate(double millis, double bytes, double flops) {
    public Rate {
        if (!(millis > 0)) {
            throw new IllegalArgumentException("a rate needs a time above 0, not " + millis + " ms");
        }
    }

    /** 10^12 operations a second. */
    public double teraflops() {
        return flops / millis / 1e9;
    }

    /** 10^9 bytes a second. */
    public double gigabytesPerSecond() {
        return bytes / millis / 1e6;
    }

    /** Bytes moved, of those that {@code copy} would have moved in the same time. */
    double ofBandwidth(Rate copy) {
        return gigabytesPerSecond() / copy.gigabytesPerSecond();
    }

    /** Operations done, of those that can be done at {@code megahertz} MHz, where a clock does {@code flopsPerClock}. */
    public double utilisation(int megahertz, double flopsPerClock) {
        return teraflops() * 1e6 / (megahertz * flopsPerClock);
    }
}
