package org.mxforge.runtime.tune.wisdom;

import java.util.Locale;
import java.util.Optional;

/**
 * The result of trying one configuration.
 *
 * @param status how it ended
 * @param timing present exactly when the status is {@link Status#CORRECT}
 * @param detail one line on what went wrong; empty when nothing did
 */
public record TrialOutcome(Status status, Optional<Timing> timing, String detail) {
    private static final int DETAIL_LIMIT = 400;

    public TrialOutcome {
        if (timing.isPresent() != (status == Status.CORRECT)) {
            throw new IllegalArgumentException("a trial is timed exactly when it is correct, not " + status.text());
        }
        String line = detail.lines().findFirst().orElse("");
        detail = line.length() <= DETAIL_LIMIT ? line : line.substring(0, DETAIL_LIMIT);
    }

    /** Of a candidate that is right. */
    public static TrialOutcome correct(Timing timing) {
        return new TrialOutcome(Status.CORRECT, Optional.of(timing), "");
    }

    /** Of a candidate that is not. */
    public static TrialOutcome failed(Status status, String detail) {
        return new TrialOutcome(status, Optional.empty(), detail);
    }

    /** The same, {@code cause} telling what went wrong. */
    public static TrialOutcome failed(Status status, Throwable cause) {
        return failed(status, cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    /** How the trial of one configuration ended; the words are those of Kernel Tuner's result schema. */
    public enum Status {
        /** Compiled, agreed with the oracle, and was timed. */
        CORRECT,
        /** Could not be generated or compiled. */
        COMPILE,
        /** Failed while it ran. */
        RUNTIME,
        /** Ran, with a wrong result. */
        CORRECTNESS,
        /** Refuses this shape or this device. */
        CONSTRAINTS,
        /** Took longer than a candidate may. */
        TIMEOUT;

        /** The word that wisdom files use, such as {@code correct}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads {@link #text()}.
         *
         * @throws IllegalArgumentException naming the text
         */
        public static Status parse(String text) {
            for (Status status : values()) {
                if (status.text().equals(text)) {
                    return status;
                }
            }
            throw new IllegalArgumentException("unknown trial status '" + text + "'");
        }
    }
}
