package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import java.util.Optional;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TextFile;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Recipe;

/**
 * Where a calibration comes from.
 *
 * @param report a saved one; null to calibrate now
 * @param text text to calibrate on; null for the bundled one
 * @param samples most lines of the text
 */
record CalibrationSource(Path report, Path text, int samples) {
    /** How {@code recipe} quantizes; empty if the model must be calibrated first. */
    Optional<Quantization> ready(Recipe recipe, Console console) {
        Quantization quantization = Quantization.by(recipe);
        if (!quantization.needsCalibration()) {
            return Optional.of(quantization);
        }
        if (report == null) {
            return Optional.empty();
        }
        CalibrationReport found = CalibrationReport.load(report);
        found.warnings().forEach(console::warning);
        return Optional.of(quantization.with(found));
    }

    /** What to calibrate on. */
    CalibrationOptions options() {
        CalibrationOptions options = CalibrationOptions.defaults().withSamples(samples);
        return text == null ? options : options.withText(TextFile.read(text));
    }
}
