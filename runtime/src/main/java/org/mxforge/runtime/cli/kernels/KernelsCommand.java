package org.mxforge.runtime.cli.kernels;

import picocli.CommandLine.Command;

/** {@code mxforge kernels}: look at generated kernels without running them. */
@Command(
        name = "kernels",
        description =
                "Lists the kernels of the catalogue, shows their source, compiles them and runs them without a GPU.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KernelsListCommand.class,
            KernelsShowCommand.class,
            KernelsCompileCommand.class,
            KernelsSimulateCommand.class
        })
public final class KernelsCommand {}
