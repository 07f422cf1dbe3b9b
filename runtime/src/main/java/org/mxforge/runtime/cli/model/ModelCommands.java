package org.mxforge.runtime.cli.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;

/** The commands that take a model. */
public final class ModelCommands {
    private ModelCommands() {}

    /** What makes each, by name, in the order of a model's way. */
    public static Map<String, Supplier<CommandLine>> byName() {
        Map<String, Supplier<CommandLine>> commands = new LinkedHashMap<>();
        commands.put("demo", () -> new CommandLine(new DemoCommand()));
        commands.put("compare", () -> new CommandLine(new CompareCommand()));
        commands.put("calibrate", () -> new CommandLine(new CalibrateCommand()));
        commands.put("quantize", () -> new CommandLine(new QuantizeCommand()));
        commands.put("import", () -> new CommandLine(new ImportCommand()));
        commands.put("tune", () -> new CommandLine(new TuneCommand()));
        commands.put("eval", () -> new CommandLine(new EvalCommand()));
        commands.put("generate", () -> new CommandLine(new GenerateCommand()));
        commands.put("logits", () -> new CommandLine(new LogitsCommand()));
        return commands;
    }

    /** Adds those that are benchmarks to {@code benchmarks}, which are of kernels otherwise. */
    public static CommandLine addTo(CommandLine benchmarks) {
        return benchmarks.addSubcommand(new BenchModelCommand()).addSubcommand(new BenchRequestsCommand());
    }
}
