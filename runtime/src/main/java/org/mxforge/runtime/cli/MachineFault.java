package org.mxforge.runtime.cli;

import java.util.Locale;
import java.util.Optional;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.base.MxForgeException;

/**
 * What failed below the program and is nobody's mistake in a command: memory, a class or library that cannot be loaded, a file
 * that changed while it was mapped.
 *
 * @param sentence what happened and what to do
 */
record MachineFault(String sentence) {
    /** EX_OSERR of sysexits.h. */
    static final int EXIT_CODE = 71;

    /** Causes may form a ring. */
    private static final int MOST_CAUSES = 32;

    /** What {@code failure} is, or was caused by; pools of threads wrap the errors of their tasks. */
    static Optional<MachineFault> in(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (failure instanceof MxForgeException && cause instanceof VirtualMachineError) {
                // Who has caught the error knows more than it says.
                return Optional.of(new MachineFault(failure.getMessage()));
            }
            if (!(failure instanceof MxForgeException)
                    && cause instanceof ArithmeticException
                    && String.valueOf(cause.getMessage()).contains("overflow")) {
                return Optional.of(new MachineFault(
                        "something that was asked for, or that a file implies, is larger than this program can hold in one piece ("
                                + cause.getMessage() + "): use a smaller model, shape, batch or window"));
            }
            // A library that was expected to be missing, such as a driver's, comes with a sentence and is no fault.
            if (!(failure instanceof MxForgeException) && cause instanceof Error error && isOfTheMachine(error)) {
                return Optional.of(new MachineFault(sentence(error)));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    private static boolean isOfTheMachine(Error error) {
        return error instanceof VirtualMachineError || error instanceof LinkageError;
    }

    private static String sentence(Error error) {
        if (error instanceof OutOfMemoryError) {
            return memory(String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT));
        }
        if (error instanceof StackOverflowError) {
            return "out of memory for calls within calls: the input is nested deeper than is expected; start java with a larger"
                    + " -Xss, such as -Xss8m, if it must be";
        }
        if (error instanceof LinkageError) {
            return "a part of the program or a library cannot be loaded (" + root(error)
                    + "): the installation, the class path or the cache folder is damaged; 'mxforge doctor' shows what was"
                    + " found";
        }
        return String.valueOf(error.getMessage()).contains("unsafe memory access")
                ? "a file became shorter or could not be read while it was in use, or the disk is full: leave the files of a"
                        + " model as they are while it is used"
                : "the Java virtual machine failed (" + error + "): try again, or another JDK 17";
    }

    private static String memory(String message) {
        String heap = ByteSize.text(Runtime.getRuntime().maxMemory());
        if (message.contains("direct buffer") || message.contains("direct memory")) {
            return "out of memory: this needs more direct memory than the " + heap
                    + " allowed; start java with a larger -Xmx, such as -Xmx8g, or -XX:MaxDirectMemorySize";
        }
        if (message.contains("map failed")) {
            return "out of memory: a file cannot be mapped into the address space of this process; raise 'ulimit -v' or"
                    + " vm.max_map_count, or lower -Xmx to leave room for it";
        }
        if (message.contains("native thread")) {
            return "out of memory: no more threads can be started; raise 'ulimit -u', or use fewer --threads";
        }
        return "out of memory: this needs more than the Java heap of " + heap
                + "; start java with a larger -Xmx, such as -Xmx8g (for the command mxforge: MXFORGE_JAVA_OPTIONS=-Xmx8g), or use"
                + " a smaller model, text or shape";
    }

    private static Throwable root(Throwable error) {
        Throwable root = error;
        for (int i = 0; root.getCause() != null && i < MOST_CAUSES; i++) {
            root = root.getCause();
        }
        return root;
    }
}
