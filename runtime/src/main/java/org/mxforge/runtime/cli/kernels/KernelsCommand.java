package org.mxforge.runtime.cli.kernels;

import picocli.CommandLine.Command;

/** {@code mxforge kernels}: look at generated kernels, and take them away. */
@Command(
        name = "kernels",
        description =
                "Lists the kernels of the catalogue, shows their source, compiles them, runs them without a GPU, checks"
                        + " them, and exports them for other programs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            KernelsListCommand.class,
            KernelsShowCommand.class,
            KernelsCompileCommand.class,
            KernelsSimulateCommand.class,
            KernelsCheckCommand.class,
            KernelsExportCommand.class,
            KernelsVerifyCommand.class
        })
public final class KernelsCommand {
    /** The command beside it, for what exported kernels read. */
    public static Object weights() {
        return new WeightsCommand();
    }
}
