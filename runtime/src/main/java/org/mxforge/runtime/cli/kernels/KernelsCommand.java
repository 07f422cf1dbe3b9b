package org.mxforge.runtime.cli.kernels;

import picocli.CommandLine.Command;

/** {@code mxforge kernels}: look at generated kernels without running them. */
@Command(
        name = "kernels",
        description = "Lists the kernels of the catalogue, shows their source and compiles them.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {KernelsListCommand.class, KernelsShowCommand.class, KernelsCompileCommand.class})
public final class KernelsCommand {}
