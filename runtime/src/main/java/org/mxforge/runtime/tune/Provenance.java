package org.mxforge.runtime.tune;

import java.time.Instant;

/**
 * What produced a measurement.
 *
 * @param tool version of MXForge
 * @param compiler what compiled the kernel, such as {@code NVRTC 12.9} or {@code javac 17.0.15}
 * @param source SHA-256 of the emitted source in hex, empty when nothing was emitted; another source makes the measurement void
 * @param date when it was taken
 */
public record Provenance(String tool, String compiler, String source, Instant date) {}
