package org.mxforge.runtime.tune;

import java.time.Duration;

/**
 * How a search spends its time.
 *
 * @param candidates most candidates that are tried
 * @param budget no new candidate begins after this much time; the first one always runs
 * @param candidateLimit longest that preparing and checking one candidate, or one run of it, may take
 * @param warmUp a candidate runs this long, and once at least, before it is judged
 * @param samples timed runs of a candidate that is worth it
 * @param samplingTime no new sample begins after this much time on one candidate
 * @param abandonFactor a candidate this many times slower than the best one, after a look, is not measured further
 */
public record TuningPlan(
        int candidates,
        Duration budget,
        Duration candidateLimit,
        Duration warmUp,
        int samples,
        Duration samplingTime,
        double abandonFactor) {
    /** About a second for each shape. */
    public static final TuningPlan QUICK = new TuningPlan(
            8, Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofMillis(100), 5, Duration.ofMillis(100), 2);

    /** Everything, measured well. */
    public static final TuningPlan FULL = new TuningPlan(
            Integer.MAX_VALUE,
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            Duration.ofMillis(200),
            21,
            Duration.ofSeconds(2),
            2);

    public TuningPlan {
        if (candidates < 1
                || budget.isNegative()
                || candidateLimit.isNegative()
                || samples < 1
                || !(abandonFactor >= 1)) {
            throw new IllegalArgumentException("a tuning plan needs time, samples and an abandon factor of 1 or more");
        }
    }

    /** The same plan with another budget. */
    public TuningPlan within(Duration other) {
        return new TuningPlan(candidates, other, candidateLimit, warmUp, samples, samplingTime, abandonFactor);
    }
}
