package org.mxforge.runtime.cli.console;

import java.util.function.Supplier;

/** What a command says on standard error when it is interrupted (SIGINT, SIGTERM). */
public final class LastWord {
    private LastWord() {}

    /**
     * Does {@code work}.
     *
     * @param sentence asked for if the program is interrupted meanwhile
     */
    public static <T> T during(Supplier<T> work, Console console, Supplier<String> sentence) {
        Thread hook = new Thread(() -> console.note("\n" + sentence.get()), "last word");
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
