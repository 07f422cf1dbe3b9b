package org.mxforge.runtime.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
 * of the program, 71 not enough memory or a broken installation.
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
        WarningPrinter.install();
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        int code;
        try {
            code = commandLine().setOut(out).setErr(err).execute(args);
        } catch (Error e) {
            code = new Failures(() -> false).report(e, err);
        }
        out.flush();
        err.flush();
        System.exit(code);
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
        ModelCommands.addTo(commands);
        return commands.addSubcommand(new KernelsCommand())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new WisdomCommand())
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new HelpCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures::usage)
                .setExecutionStrategy(failures::run)
                .setExecutionExceptionHandler(failures::execution);
    }
}
