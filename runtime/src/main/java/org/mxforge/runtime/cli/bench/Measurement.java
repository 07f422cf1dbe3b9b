package org.mxforge.runtime.cli.bench;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What was measured of one kernel at one pace.
 *
 * @param rate how fast it was
 * @param fraction of the yardstick, 1 being as good as it; empty if there is none for this GPU
 * @param megahertz clock of the multiprocessors right after; empty if it could not be told
 * @param utilisation of the tensor cores: operations done, of those they can do at that clock; empty without a clock, or where they
 *     do nothing
 */
record Measurement(Rate rate, OptionalDouble fraction, OptionalInt megahertz, OptionalDouble utilisation) {}
