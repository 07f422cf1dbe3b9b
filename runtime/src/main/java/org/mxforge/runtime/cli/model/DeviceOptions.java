package org.mxforge.runtime.cli.model;

import java.time.Duration;
import org.mxforge.runtime.DeviceKind;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.EngineOptions;
import org.mxforge.runtime.base.options.Folding;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.Names;
import picocli.CommandLine.Option;

/** The options that choose a device. */
final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            completionCandidates = Devices.class,
            defaultValue = "auto",
            description = "cpu, gpu or auto: the GPU when there is one; default ${DEFAULT-VALUE}.")
    private DeviceKind device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the CPU target; default: all cores of this machine.")
    private Integer threads;

    @Option(
            names = "--gpus",
            paramLabel = "N",
            defaultValue = "1",
            description = {
                "How many GPUs of this machine share the model, each with as many of its heads and channels: 1, 2, 4"
                        + " or 8; not for experts or int8; default ${DEFAULT-VALUE}."
            })
    private int gpus;

    @Option(
            names = "--folding",
            completionCandidates = Foldings.class,
            paramLabel = "MODE",
            defaultValue = "exact",
            description = {
                "On GPUs of compute capability 9.0, whether scales are folded into FP8: exact (where nothing is"
                        + " rounded; other channels are multiplied in BF16), lossy (everywhere; elements may be rounded"
                        + " once more), off; default ${DEFAULT-VALUE}."
            })
    private Folding folding;

    /** For {@code --device}. */
    static final class Devices extends Names {
        Devices() {
            super(DeviceKind.values());
        }
    }

    /** For {@code --folding}. */
    static final class Foldings extends Names {
        Foldings() {
            super(Folding.values());
        }
    }

    Engine open(TuneMode mode, Duration budget, Console console) {
        return Engine.open(options(mode, budget), console.progress());
    }

    EngineOptions options(TuneMode mode, Duration budget) {
        EngineOptions options = EngineOptions.defaults()
                .withDevice(device)
                .withGpus(gpus)
                .withFolding(folding)
                .withTuning(mode, budget);
        return threads == null ? options : options.withThreads(threads);
    }
}
