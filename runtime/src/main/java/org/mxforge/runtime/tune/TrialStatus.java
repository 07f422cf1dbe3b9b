package org.mxforge.runtime.tune;

import java.util.Locale;

/** How the trial of one configuration ended; the words are those of Kernel Tuner's result schema. */
public enum TrialStatus {
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
    public static TrialStatus parse(String text) {
        for (TrialStatus status : values()) {
            if (status.text().equals(text)) {
                return status;
            }
        }
        throw new IllegalArgumentException("unknown trial status '" + text + "'");
    }
}
