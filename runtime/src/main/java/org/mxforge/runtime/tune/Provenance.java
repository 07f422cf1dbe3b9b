package org.mxforge.runtime.tune;

import java.time.Instant;

/**
 * What produced a measurement.
 *
 * @param toolchain what compiled and ran the kernel
 * @param source SHA-256 of the emitted source in hex, empty when nothing was emitted; another source makes the measurement void
 * @param plan name of the {@link TuningPlan} it was measured by
 * @param date when it was taken
 */
public record Provenance(Toolchain toolchain, String source, String plan, Instant date) {}
