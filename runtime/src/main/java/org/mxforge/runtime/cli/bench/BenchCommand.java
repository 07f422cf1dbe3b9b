package org.mxforge.runtime.cli.bench;

import picocli.CommandLine.Command;

/** {@code mxforge bench}: how fast kernels are on the GPU; {@code e2e} and {@code requests}, how fast models are, lie with their commands. */
@Command(
        name = "bench",
        description = "Measures kernels on the GPU, and whole models on it or on the CPU.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BenchGemmCommand.class,
            BenchDecodeCommand.class,
            BenchQuantizeCommand.class,
            BenchKernelCommand.class,
            BenchLaunchCommand.class
        })
public final class BenchCommand {}
