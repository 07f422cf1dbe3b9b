package org.mxforge.runtime.tune;

import java.util.Optional;

/**
 * The result of trying one configuration.
 *
 * @param status how it ended
 * @param timing present exactly when the status is {@link TrialStatus#CORRECT}
 * @param detail one line on what went wrong; empty when nothing did
 */
public record TrialOutcome(TrialStatus status, Optional<Timing> timing, String detail) {
    private static final int DETAIL_LIMIT = 400;

    public TrialOutcome {
        if (timing.isPresent() != (status == TrialStatus.CORRECT)) {
            throw new IllegalArgumentException("a trial is timed exactly when it is correct, not " + status.text());
        }
        String line = detail.lines().findFirst().orElse("");
        detail = line.length() <= DETAIL_LIMIT ? line : line.substring(0, DETAIL_LIMIT);
    }

    static TrialOutcome correct(Timing timing) {
        return new TrialOutcome(TrialStatus.CORRECT, Optional.of(timing), "");
    }

    static TrialOutcome failed(TrialStatus status, String detail) {
        return new TrialOutcome(status, Optional.empty(), detail);
    }

    static TrialOutcome failed(TrialStatus status, Throwable cause) {
        return failed(status, cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
}
