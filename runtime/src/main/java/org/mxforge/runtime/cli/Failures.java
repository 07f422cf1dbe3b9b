package org.mxforge.runtime.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.Printable;
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

    /** Runs the command that was parsed; picocli itself handles exceptions alone, and not errors. */
    int run(ParseResult parsed) {
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (CommandLine.ExecutionException e) {
            // Where the cause is an exception, it is handed to execution().
            if (e.getCause() instanceof Error error) {
                return report(error, parsed.commandSpec().commandLine().getErr());
            }
            throw e;
        } catch (Error e) {
            return report(e, parsed.commandSpec().commandLine().getErr());
        }
    }

    int execution(Exception failure, CommandLine command, ParseResult parsed) {
        return report(failure, command.getErr());
    }

    /** Says in one line what went wrong; the exit code. */
    int report(Throwable failure, PrintWriter err) {
        Optional<MachineFault> fault = MachineFault.in(failure);
        int code = INTERNAL;
        String sentence;
        if (fault.isPresent()) {
            code = MachineFault.EXIT_CODE;
            sentence = fault.get().sentence();
        } else if (failure instanceof MxForgeException) {
            code = USER;
            sentence = String.valueOf(failure.getMessage());
        } else {
            sentence = "internal error: " + failure + " (--debug shows where)";
        }
        err.println("mxforge: " + Printable.sentence(sentence));
        if (debug.getAsBoolean()) {
            err.print(trace(failure));
        }
        return code;
    }

    int usage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .println("mxforge: " + Printable.sentence(failure.getMessage()).replaceFirst("^Error: ", "") + " (see '"
                        + command.getCommandSpec().qualifiedName() + " --help')");
        if (debug.getAsBoolean()) {
            command.getErr().print(trace(failure));
        }
        return USAGE;
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        return Printable.lines(trace.toString());
    }
}
