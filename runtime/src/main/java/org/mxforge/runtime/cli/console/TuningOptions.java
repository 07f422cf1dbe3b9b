package org.mxforge.runtime.cli.console;

import java.time.Duration;
import org.mxforge.runtime.base.options.TuneMode;
import picocli.CommandLine.Option;

/** The options that say what is done for shapes that were never tuned here. */
public final class TuningOptions {
    public static final Duration NO_LIMIT = Duration.ofDays(1000);

    private static final Duration QUICK_LIMIT = Duration.ofSeconds(20);

    @Option(
            names = "--tune",
            paramLabel = "MODE",
            defaultValue = "quick",
            description = {
                "For shapes that were never tuned here: quick (a short search), full (a whole one), estimate (always what"
                        + " the cost model ranks first), frozen (only what earlier runs found), off (always the"
                        + " defaults); default ${DEFAULT-VALUE}."
            })
    private TuneMode mode;

    @Option(
            names = "--tune-budget",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description =
                    "Searches end after this much time in all, such as 90s, 5m or 1h; default: 20s with quick, no limit"
                            + " with full.")
    private Duration budget;

    public TuneMode mode() {
        return mode;
    }

    public Duration budget() {
        return budget(QUICK_LIMIT);
    }

    /** The budget, where {@code usual} is that of short searches when the user says nothing. */
    public Duration budget(Duration usual) {
        if (budget != null) {
            return budget;
        }
        return mode == TuneMode.FULL ? NO_LIMIT : usual;
    }
}
