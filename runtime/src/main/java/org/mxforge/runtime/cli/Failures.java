package org.mxforge.runtime.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.mxforge.dsl.text.Spelling;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Printable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns failures into one line on standard error and an exit code; with {@code --json} also into the one document on standard output,
 * unless a result is there already.
 *
 * @param debug whether stack traces are wanted as well
 */
record Failures(BooleanSupplier debug) {
    /** What picocli says. */
    private static final String NO_COMMAND = "Missing required subcommand";

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
                return report(error, e.getCommandLine(), parsed.originalArgs());
            }
            throw e;
        } catch (Error | StandardOutput.Failure e) {
            return report(e, parsed.commandSpec().commandLine(), parsed.originalArgs());
        }
    }

    int execution(Exception failure, CommandLine command, ParseResult parsed) {
        return report(failure, command, parsed.originalArgs());
    }

    /** Says in one line what went wrong; the exit code. */
    int report(Throwable failure, CommandLine command, List<String> arguments) {
        Optional<MachineFault> fault = MachineFault.in(failure);
        int code = INTERNAL;
        String sentence;
        if (failure instanceof StandardOutput.Failure output) {
            code = output.exitCode();
            if (output.isClosedPipe()) {
                return code;
            }
            sentence = output.getMessage();
        } else if (fault.isPresent()) {
            code = MachineFault.EXIT_CODE;
            sentence = fault.get().sentence();
        } else if (failure instanceof MxForgeException) {
            code = USER;
            sentence = String.valueOf(failure.getMessage());
        } else if (failure instanceof InvalidPathException path) {
            code = USER;
            sentence = "'" + path.getInput() + "' cannot be a path here (" + path.getReason()
                    + "): check it, and set a UTF-8 locale, such as LC_ALL=C.UTF-8, if it has characters beyond ASCII";
        } else {
            sentence = "internal error: " + failure + " (--debug shows where)";
        }
        return say(Printable.sentence(sentence), code, failure, console(command, arguments));
    }

    int usage(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String sentence = Printable.sentence(message(failure, arguments)).replaceFirst("^Error: ", "") + " (see '"
                + command.getCommandSpec().qualifiedName() + " --help')";
        return say(sentence, USAGE, failure, console(command, Arrays.asList(arguments)));
    }

    /** What is wrong with the words; one that is not known may be another one misspelt. */
    private static String message(ParameterException failure, String[] arguments) {
        if (failure instanceof MissingParameterException) {
            return misspelt(failure.getCommandLine().getCommandSpec(), arguments)
                    .orElse(failure.getMessage());
        }
        if (!(failure instanceof UnmatchedArgumentException unmatched)) {
            CommandSpec command = failure.getCommandLine().getCommandSpec();
            return failure.getMessage().equals(NO_COMMAND)
                    ? "'" + command.qualifiedName() + "' needs a command: "
                            + String.join(", ", command.subcommands().keySet())
                    : withoutTypes(failure.getMessage());
        }
        String word = unmatched.getUnmatched().get(0);
        CommandSpec command = unmatched.getCommandLine().getCommandSpec();
        if (word.startsWith("-")) {
            return unknownOption(word, command);
        }
        return command.subcommands().isEmpty()
                ? failure.getMessage()
                : "unknown command '" + word + "'"
                        + Spelling.hint(word, command.subcommands().keySet());
    }

    /** What picocli calls by the names of Java's types. */
    private static String withoutTypes(String message) {
        return message.replaceFirst("is not an int$", "is not a whole number of at most " + Integer.MAX_VALUE)
                .replaceFirst("is not a long$", "is not a whole number of at most " + Long.MAX_VALUE)
                .replaceFirst("is not a (float|double)$", "is not a number");
    }

    /** An option is missing where it is misspelt, which tells more. */
    private static Optional<String> misspelt(CommandSpec command, String[] arguments) {
        Set<String> options = command.optionsMap().keySet();
        return Arrays.stream(arguments)
                .map(argument -> argument.split("=", 2)[0])
                .filter(name -> name.startsWith("--")
                        && !options.contains(name)
                        && !Spelling.nearest(name, options).isEmpty())
                .map(name -> unknownOption(name, command))
                .findFirst();
    }

    private static String unknownOption(String word, CommandSpec command) {
        String name = word.split("=", 2)[0];
        return "unknown option '" + name + "'"
                + Spelling.hint(name, command.optionsMap().keySet());
    }

    private int say(String sentence, int code, Throwable failure, Console console) {
        try {
            console.failure(sentence, code);
        } catch (StandardOutput.Failure lost) {
            // Standard error has told it; the first failure counts.
        }
        if (debug.getAsBoolean()) {
            console.err().print(trace(failure));
        }
        return code;
    }

    /** Where {@code command} prints; of a command line that was not understood, the words must tell. */
    private static Console console(CommandLine command, List<String> arguments) {
        return command.getCommandSpec().mixins().values().stream()
                .map(mixin -> mixin.userObject() instanceof OutputOptions options ? options.console() : null)
                .filter(console -> console != null && console.json())
                .findFirst()
                .orElseGet(
                        () -> new Console(command.getOut(), command.getErr(), arguments.contains(OutputOptions.JSON)));
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace, true));
        return Printable.lines(trace.toString());
    }
}
