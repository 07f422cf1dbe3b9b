package org.mxforge.runtime;

/** Refuses arguments that are missing, at once and by name. */
final class Arguments {
    private Arguments() {}

    /**
     * Gives {@code argument} back.
     *
     * @param sentence what is missing and what to give
     * @throws IllegalArgumentException with this sentence if it is null
     */
    static <T> T require(T argument, String sentence) {
        if (argument == null) {
            throw new IllegalArgumentException(sentence);
        }
        return argument;
    }
}
