package org.mxforge.runtime.cli.model;

import java.time.Duration;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.TuningOptions;
import picocli.CommandLine.Mixin;

/** The options of commands that run models: on which device, what is tuned there, and how results are printed. */
final class RunOptions {
    @Mixin
    private DeviceOptions device;

    @Mixin
    private TuningOptions tuning;

    @Mixin
    private OutputOptions output;

    /** Where the command prints. */
    Console console() {
        return output.console();
    }

    /** The device, whose progress the console shows. */
    Engine open() {
        return device.open(tuning.mode(), tuning.budget(), console());
    }

    /** The same, where short searches end after {@code usual} when the user says nothing. */
    Engine open(Duration usual) {
        return device.open(tuning.mode(), tuning.budget(usual), console());
    }

    /** The device without searches, for what is no measurement. */
    Engine openUntuned() {
        return device.open(TuneMode.OFF, Duration.ZERO, console());
    }
}
