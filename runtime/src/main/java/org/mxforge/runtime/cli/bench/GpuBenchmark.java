package org.mxforge.runtime.cli.bench;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that measures the GPU. */
abstract class GpuBenchmark implements Callable<Integer> {
    @Spec
    private CommandSpec command;

    @Mixin
    private OutputOptions output;

    Console console() {
        return output.console();
    }

    /** What {@code reader} makes of the options; its refusal becomes that of the command line. */
    <T> T read(Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    /** The GPU, with variants searched for as {@code tuning} says. */
    BenchGpu open(TuningOptions tuning) {
        return open(tuning.mode(), tuning.budget());
    }

    /** The GPU, with kernels in their default variants. */
    BenchGpu openUntuned() {
        return open(TuneMode.OFF, Duration.ZERO);
    }

    private BenchGpu open(TuneMode mode, Duration budget) {
        return BenchGpu.open(mode, budget, console().progress());
    }
}
