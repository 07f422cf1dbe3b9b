package org.mxforge.runtime.tune.wisdom;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What repeated runs of one kernel took, in milliseconds.
 *
 * @param median the middle sample, what candidates are compared by
 * @param p20 a fifth of the samples were faster
 * @param p80 a fifth of the samples were slower
 * @param samples how many runs were timed
 * @param clock clock of the device in MHz while it ran, where it is known
 */
public record Timing(double median, double p20, double p80, int samples, OptionalInt clock) {
    public Timing {
        if (!(p20 > 0 && p20 <= median && median <= p80) || Double.isInfinite(p80) || samples <= 0) {
            throw new IllegalArgumentException(
                    "not a timing: p20 " + p20 + ", median " + median + ", p80 " + p80 + " of " + samples);
        }
        if (clock.isPresent() && clock.getAsInt() <= 0) {
            throw new IllegalArgumentException("not a clock: " + clock.getAsInt() + " MHz");
        }
    }

    /** The nearest-rank quantiles of {@code milliseconds}, at least one. */
    public static Timing of(double... milliseconds) {
        double[] sorted = milliseconds.clone();
        Arrays.sort(sorted);
        return new Timing(
                quantile(sorted, 0.5),
                quantile(sorted, 0.2),
                quantile(sorted, 0.8),
                sorted.length,
                OptionalInt.empty());
    }

    /** The same timing at a clock. */
    public Timing at(OptionalInt megahertz) {
        return new Timing(median, p20, p80, samples, megahertz);
    }

    /** The same with {@code millis} more in each sample. */
    public Timing plus(double millis) {
        return new Timing(median + millis, p20 + millis, p80 + millis, samples, clock);
    }

    private static double quantile(double[] sorted, double share) {
        return sorted[(int) Math.round(share * (sorted.length - 1))];
    }
}
