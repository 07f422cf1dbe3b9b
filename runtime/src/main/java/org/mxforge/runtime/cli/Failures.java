package org.mxforge.runtime.cli;

import java.io.PrintWriter;
import java.util.function.BooleanSupplier;
import org.mxforge.runtime.base.MxForgeException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Turns failures into one line on standard error and an exit code.
 *
 * @param debug whether stack traces are wanted as well
 */
record Failures(BooleanSupplier debug) {
    private static final int USER = 1;
    private static final int USAGE = 2;
    /** EX_SOFTWARE of sysexits.h. */
    private static final int INTERNAL = 70;

    int execution(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        int code = failure instanceof MxForgeException ? USER : INTERNAL;
        if (code == USER) {
            err.println("mxforge: " + oneLine(failure.getMessage()));
        } else {
            err.println("mxforge: internal error: " + oneLine(failure.toString()) + " (--debug shows where)");
        }
        if (debug.getAsBoolean()) {
            failure.printStackTrace(err);
        }
        return code;
    }

    int usage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .println("mxforge: " + oneLine(failure.getMessage()).replaceFirst("^Error: ", "") + " (see '"
                        + command.getCommandSpec().qualifiedName() + " --help')");
        if (debug.getAsBoolean()) {
            failure.printStackTrace(command.getErr());
        }
        return USAGE;
    }

    private static String oneLine(String message) {
        return String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
