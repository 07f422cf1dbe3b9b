package org.mxforge.runtime.cli;

import java.time.Duration;
import org.mxforge.runtime.engine.DeviceKind;
import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.engine.EngineSettings;
import org.mxforge.runtime.tune.TuneMode;
import picocli.CommandLine.Option;

/** The options that choose a device and how hard it is tuned. */
final class DeviceOptions {
    private static final long QUICK_LIMIT = 20;
    private static final long NO_LIMIT = 1_000_000_000;

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

    @Option(
            names = "--tune-budget",
            paramLabel = "SECONDS",
            description =
                    "No new search begins after this much time; default: 20 with --tune quick, no limit with full.")
    private Long budget;

    Engine open(Console console) {
        return Engine.open(settings(), new TuningProgress(console));
    }

    EngineSettings settings() {
        int cores = Runtime.getRuntime().availableProcessors();
        long seconds = budget != null ? budget : tuning == TuneMode.FULL ? NO_LIMIT : QUICK_LIMIT;
        return new EngineSettings(device, threads == null ? cores : threads, tuning, Duration.ofSeconds(seconds));
    }
}
