package org.mxforge.runtime.tune.wisdom;

import java.time.Instant;

/**
 * What produced a measurement.
 *
 * @param toolchain what compiled and ran the kernel
 * @param source SHA-256 of the emitted source in hex, empty when nothing was emitted; another source makes the measurement void
 * @param plan name of the plan it was measured by
 * @param date when it was taken
 */
public record Provenance(Toolchain toolchain, String source, String plan, Instant date) {
    /** The plan of searches that measure everything, and measure it well. */
    public static final String FULL = "full";
}
