package org.mxforge.runtime.cli;

import org.mxforge.runtime.engine.DeviceKind;
import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.engine.EngineSettings;
import org.mxforge.runtime.tune.TuneMode;
import picocli.CommandLine.Option;

/** The options that choose a device and how hard it is tuned. */
final class DeviceOptions {
    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "cpu, gpu or auto: the GPU when there is one; default ${DEFAULT-VALUE}.")
    private DeviceKind device;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of the CPU target; default: all cores of this machine.")
    private Integer threads;

    @Option(
            names = "--tune",
            paramLabel = "MODE",
            defaultValue = "quick",
            description = {
                "What is done for shapes that were never tuned here: quick (a short search), full (a whole one), frozen"
                        + " (only what earlier runs found), off (always the defaults); default ${DEFAULT-VALUE}."
            })
    private TuneMode tuning;

    Engine open(Console console) {
        int cores = Runtime.getRuntime().availableProcessors();
        return Engine.open(new EngineSettings(device, threads == null ? cores : threads, tuning));
    }
}
