package org.mxforge.runtime.tune.search;

import java.time.Duration;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;

/** Plans of searches that end at once. */
final class Plans {
    /** No warm-up and five samples, with time enough for everything. */
    static final TuningPlan WHOLE = new TuningPlan(
            "full",
            Integer.MAX_VALUE,
            4,
            Duration.ofMinutes(1),
            Duration.ofSeconds(5),
            new Trial.Measuring(Duration.ZERO, Duration.ofMinutes(1), 5, 1, 2),
            2);

    /** {@link #WHOLE} without time: the first candidate alone runs. */
    static final TuningPlan NO_TIME = new TuningPlan(
            WHOLE.name(),
            WHOLE.candidates(),
            WHOLE.batch(),
            Duration.ZERO,
            WHOLE.candidateLimit(),
            WHOLE.measuring(),
            WHOLE.abandonFactor());

    private Plans() {}
}
