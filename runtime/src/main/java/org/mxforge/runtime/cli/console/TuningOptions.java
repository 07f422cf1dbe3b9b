package org.mxforge.runtime.cli.console;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.options.TuneMode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what is done for shapes that were never tuned here. */
public final class TuningOptions {
    public static final Duration NO_LIMIT = Duration.ofDays(1000);

    private static final Duration QUICK_LIMIT = Duration.ofSeconds(20);

    @Option(
            names = "--tune",
            paramLabel = "MODE",
            completionCandidates = Modes.class,
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

    /** For {@code --tune}. */
    static final class Modes extends Names {
        Modes() {
            super(TuneMode.values());
        }
    }

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

    /** Reads a length of time, such as {@code 90s}, {@code 5m} or {@code 1h}; a plain number is seconds. */
    public static final class DurationConverter implements ITypeConverter<Duration> {
        private static final Pattern TEXT = Pattern.compile("(\\d{1,6})([smh]?)");

        @Override
        public Duration convert(String text) {
            Matcher parts = TEXT.matcher(text);
            if (!parts.matches()) {
                throw new TypeConversionException("'" + text + "' is not a length of time: write it as 90s, 5m or 1h");
            }
            long number = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "m" -> Duration.ofMinutes(number);
                case "h" -> Duration.ofHours(number);
                default -> Duration.ofSeconds(number);
            };
        }
    }
}
