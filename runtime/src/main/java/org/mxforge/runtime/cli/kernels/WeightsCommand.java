package org.mxforge.runtime.cli.kernels;

import picocli.CommandLine.Command;

/** {@code mxforge weights}: weights for kernels that have left. */
@Command(
        name = "weights",
        description = "Lays weights out for kernels that other programs launch.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = WeightsExportCommand.class)
final class WeightsCommand {}
