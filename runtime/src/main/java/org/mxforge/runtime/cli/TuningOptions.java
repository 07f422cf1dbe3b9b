package org.mxforge.runtime.cli;

import java.time.Duration;
import org.mxforge.runtime.tune.TuneMode;
import picocli.CommandLine.Option;

/** The options that say what is done for shapes that were never tuned here. */
final class TuningOptions {
    static final Duration NO_LIMIT = Duration.ofDays(1000);

    private static final Duration QUICK_LIMIT = Duration.ofSeconds(20);

    @Option(
            names = "--tune",
            paramLabel = "MODE",
            defaultValue = "quick",
            description = {
                "For shapes that were never tuned here: quick (a short search), full (a whole one), frozen (only what"
                        + " earlier runs found), off (always the defaults); default ${DEFAULT-VALUE}."
            })
    private TuneMode mode;

    @Option(
            names = "--tune-budget",
            paramLabel = "SECONDS",
            description = "No new search begins after this much time; default: 20 with quick, no limit with full.")
    private Long budget;

    TuneMode mode() {
        return mode;
    }

    Duration budget() {
        return budget(QUICK_LIMIT);
    }

    /** The budget, where {@code usual} is that of short searches when the user says nothing. */
    Duration budget(Duration usual) {
        if (budget != null) {
            return Duration.ofSeconds(budget);
        }
        return mode == TuneMode.FULL ? NO_LIMIT : usual;
    }
}
