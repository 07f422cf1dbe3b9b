package org.mxforge.runtime.cli.model;

import picocli.CommandLine.Command;

/** {@code mxforge eval}: how good a model is. */
@Command(
        name = "eval",
        description = "Measures how good a model is.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PerplexityCommand.class,
            EvalTasksCommand.class,
            EvalCodeCommand.class,
            EvalMathCommand.class,
            EvalCompareCommand.class
        })
final class EvalCommand {}
