package org.mxforge.runtime.cli.model;

import picocli.CommandLine;

/** The commands that take a model. */
public final class ModelCommands {
    private ModelCommands() {}

    /** The one among the benchmarks, which are those of kernels otherwise. */
    public static void addTo(CommandLine program, CommandLine benchmarks) {
        addTo(program);
        benchmarks.addSubcommand(new BenchModelCommand());
    }

    /** Adds them to {@code program}, in the order of a model's way. */
    private static void addTo(CommandLine program) {
        program.addSubcommand(new DemoCommand())
                .addSubcommand(new CompareCommand())
                .addSubcommand(new CalibrateCommand())
                .addSubcommand(new QuantizeCommand())
                .addSubcommand(new TuneCommand())
                .addSubcommand(new EvalCommand())
                .addSubcommand(new GenerateCommand())
                .addSubcommand(new LogitsCommand());
    }
}
