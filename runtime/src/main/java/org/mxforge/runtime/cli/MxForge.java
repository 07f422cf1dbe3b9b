package org.mxforge.runtime.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.mxforge.runtime.base.options.Folding;
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
            int code = commandLine(arguments).setOut(out).setErr(err).execute(arguments);
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

    /** The command line with all commands, to be run in this process. */
    public static CommandLine commandLine() {
        CommandLine program = program();
        commands().forEach((name, command) -> program.addSubcommand(name, command.get()));
        program.addSubcommand(new CompletionCommand())
                .addSubcommand(new ManualCommand())
                .addSubcommand(new HelpCommand());
        return configured(program);
    }

    /** The command line for {@code arguments}: where they begin with a command, it has that one alone. */
    static CommandLine commandLine(String... arguments) {
        Supplier<CommandLine> named = arguments.length == 0 ? null : commands().get(arguments[0]);
        return named == null ? commandLine() : configured(program().addSubcommand(arguments[0], named.get()));
    }

    /** What makes each command, by name: to find out what one takes is most of the time of a short run. */
    private static Map<String, Supplier<CommandLine>> commands() {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>(ModelCommands.byName());
        commands.put("kernels", () -> new CommandLine(new KernelsCommand()));
        commands.put("weights", () -> new CommandLine(KernelsCommand.weights()));
        commands.put("bench", () -> ModelCommands.addTo(new CommandLine(new BenchCommand())));
        commands.put("wisdom", () -> new CommandLine(new WisdomCommand()));
        commands.put("doctor", () -> new CommandLine(new DoctorCommand()));
        return commands;
    }

    private static CommandLine program() {
        return new CommandLine(new MxForge());
    }

    /** What holds for all commands that were added. */
    private static CommandLine configured(CommandLine program) {
        MxForge options = program.getCommand();
        Failures failures = new Failures(() -> options.debug || "1".equals(System.getenv("MXFORGE_DEBUG")));
        return program.setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Folding.class, new FoldingConverter())
                // A prompt may begin with an at sign, which would be the name of a file with arguments.
                .setExpandAtFiles(false)
                .setParameterExceptionHandler(failures::usage)
                .setExecutionStrategy(failures::run)
                .setExecutionExceptionHandler(failures::execution);
    }
}
