package org.mxforge.runtime.base;

/**
 * API: told how long work goes on, and asked whether it should go on at all. Both happen on the thread that works, several times
 * a second as a rule; what {@link #isCancelled} answers may be set by another thread.
 */
public interface Progress {
    /** Shows nothing and never cancels. */
    Progress SILENT = new Progress() {};

    /**
     * A piece of work begins.
     *
     * @param task what is done, such as {@code calibrating}
     * @param unit what is counted, such as {@code tokens}
     * @param total how many of them there are
     * @return told of every step, and closed at the end of the work however it ends
     */
    default Task begin(String task, String unit, long total) {
        return steps -> {};
    }

    /** Something that should be known before a result is used, one sentence. */
    default void warning(String sentence) {
        System.getLogger(Progress.class.getName()).log(System.Logger.Level.WARNING, sentence);
    }

    /** Whether the work should end now; it then ends with a {@link CancelledException}. */
    default boolean isCancelled() {
        return false;
    }

    /**
     * Ends the work if it is cancelled.
     *
     * @throws CancelledException if it is
     */
    default void check() {
        if (isCancelled()) {
            throw new CancelledException();
        }
    }

    /** A piece of work that goes on. */
    @FunctionalInterface
    interface Task extends AutoCloseable {
        /** So many more units are done. */
        void advance(long units);

        @Override
        default void close() {}
    }
}
