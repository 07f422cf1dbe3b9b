package org.mxforge.runtime.tune.search;

import java.time.Duration;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * How a search spends its time.
 *
 * @param name what records call it; equal names promise measurements of equal quality
 * @param candidates most candidates that are tried
 * @param batch candidates that are timed in turns, so that all see the same clock; the best so far joins each batch
 * @param budget no new batch begins after this much time; the first candidate always runs
 * @param candidateLimit longest that preparing and checking one candidate, or one run of it, may take
 * @param measuring how candidates are timed
 * @param abandonFactor a candidate this many times slower than the best one, after a look, is not measured further
 */
record TuningPlan(
        String name,
        int candidates,
        int batch,
        Duration budget,
        Duration candidateLimit,
        Trial.Measuring measuring,
        double abandonFactor) {
    /** About a second for each shape. */
    public static final TuningPlan QUICK = new TuningPlan(
            "quick",
            8,
            4,
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            new Trial.Measuring(Duration.ofMillis(60), Duration.ofMillis(80), 50, 1, 1.2),
            2);

    /** Everything worth trying, measured well. */
    public static final TuningPlan FULL = new TuningPlan(
            WisdomRecord.Provenance.FULL,
            Integer.MAX_VALUE,
            6,
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            new Trial.Measuring(Duration.ofMillis(200), Duration.ofMillis(120), 1000, 3, 1.1),
            2);

    /** The plan of searches in {@code mode}. */
    static TuningPlan of(TuneMode mode) {
        return mode == TuneMode.FULL ? FULL : QUICK;
    }

    public TuningPlan {
        if (candidates < 1
                || batch < 1
                || budget.isNegative()
                || candidateLimit.isNegative()
                || !(abandonFactor >= 1)) {
            throw new IllegalArgumentException(
                    "a tuning plan needs time, candidates and an abandon factor of 1 or more");
        }
    }
}
