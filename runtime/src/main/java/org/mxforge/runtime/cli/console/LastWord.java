package org.mxforge.runtime.cli.console;

import java.util.function.Supplier;

/** What is said if the program is interrupted (SIGINT, SIGTERM) while something is done. */
record LastWord(Runnable said) {
    <T> T during(Supplier<T> work) {
        Thread hook = new Thread(said, "last word");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            remove(hook);
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The program is ending, and says it.
        }
    }
}
