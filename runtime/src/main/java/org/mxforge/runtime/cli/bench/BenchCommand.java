package org.mxforge.runtime.cli.bench;

import picocli.CommandLine.Command;

/** {@code mxforge bench}: how fast kernels are on the GPU. */
@Command(
        name = "bench",
        description = "Measures kernels on the GPU; needs one.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchGemmCommand.class,
            BenchDecodeCommand.class,
            BenchQuantizeCommand.class,
            BenchKernelCommand.class,
            BenchLaunchCommand.class
        })
public final class BenchCommand {}
