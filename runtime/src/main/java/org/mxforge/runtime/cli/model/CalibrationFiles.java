package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** A saved calibration, or texts for one: an option whose name depends on what else a command reads. */
abstract class CalibrationFiles {
    static final String TEXTS =
            "Texts to calibrate micromix or mixed on, separated by commas; default: the bundled one.";

    @Option(
            names = "--calibration",
            paramLabel = "FILE",
            description = "Calibration for micromix, made by 'mxforge calibrate'.")
    private Path report;

    private List<Path> texts;

    final void take(List<Path> files) {
        texts = files;
    }

    final CalibrationSource source(SampleOptions samples) {
        return new CalibrationSource(report, texts, samples);
    }
}
