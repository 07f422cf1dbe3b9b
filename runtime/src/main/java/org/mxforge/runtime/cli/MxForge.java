package org.mxforge.runtime.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.mxforge.runtime.cli.bench.BenchCommand;
import org.mxforge.runtime.cli.kernels.KernelsCommand;
import org.mxforge.runtime.cli.model.ModelCommands;
import org.mxforge.runtime.cli.wisdom.WisdomCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program {@code mxforge}. Exit codes: 0 done, 1 the user's mistake or a missing thing, 2 a wrong command line, 70 a fault
 * of the program, 71 not enough memory or a broken installation, 74 output that could not be written, 141 output that nobody reads any more.
 */
@Command(
        name = "mxforge",
        description = "Generates, tunes and runs microscaling (MX) mixed-precision kernels for LLM inference.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Begin with:",
            "  mxforge demo                       the whole way on a small bundled model",
            "  mxforge doctor                     what was found on this machine",
            "  mxforge eval ppl --help            options and examples of one command"
        })
public final class MxForge implements Runnable {
    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            description = "Print the stack trace of a failure (also: environment variable MXFORGE_DEBUG=1).")
    private boolean debug;

    @Spec
    private CommandSpec command;

    public static void main(String[] args) {
        // What libraries of others format does not depend on the machine either.
        Locale.setDefault(Locale.ROOT);
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        WarningPrinter.install();
        StandardOutput output = StandardOutput.ofThisProcess();
        PrintWriter out = new PrintWriter(output, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code = run(out, err, args);
        if (code == 0 && output.failure().isPresent()) {
            code = new Failures(() -> false).report(output.failure().get(), new CommandLine(new MxForge()), List.of());
        }
        err.flush();
        System.exit(code);
    }

    private static int run(PrintWriter out, PrintWriter err, String[] arguments) {
        try {
            ShellText.ofThisProcess().check(arguments, ShellText.surroundings());
            int code = commandLine().setOut(out).setErr(err).execute(arguments);
            out.flush();
            return code;
        } catch (RuntimeException | Error e) {
            CommandLine command = new CommandLine(new MxForge()).setOut(out).setErr(err);
            return new Failures(() -> false).report(e, command, Arrays.asList(arguments));
        }
    }

    /** With no command at all, the help is what is wanted. */
    @Override
    public void run() {
        command.commandLine().usage(command.commandLine().getOut());
    }

    /** The command line, to be run in this process. */
    public static CommandLine commandLine() {
        MxForge program = new MxForge();
        Failures failures = new Failures(() -> program.debug || "1".equals(System.getenv("MXFORGE_DEBUG")));
        CommandLine commands = new CommandLine(program);
        CommandLine benchmarks = new CommandLine(new BenchCommand());
        ModelCommands.addTo(commands, benchmarks);
        return commands.addSubcommand(new KernelsCommand())
                .addSubcommand(benchmarks)
                .addSubcommand(new WisdomCommand())
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new ManualCommand())
                .addSubcommand(new HelpCommand())
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                // A prompt may begin with an at sign, which would be the name of a file with arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(failures::usage)
                .setExecutionStrategy(failures::run)
                .setExecutionExceptionHandler(failures::execution);
    }
}
