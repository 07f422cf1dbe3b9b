package org.mxforge.runtime.cli.model;

import picocli.CommandLine;

/** The commands that take a model. */
public final class ModelCommands {
    private ModelCommands() {}

    /** Adds them to {@code program}, in the order of a model's way. */
    public static void addTo(CommandLine program) {
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
