package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.ModelFolder;
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
    /**
     * What is to be done to {@code folder}, as far as it can be checked before a device is opened.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if the recipe does not fit the model, or a file is missing or damaged
     */
    PreparedRecipe prepare(ModelFolder folder, Recipe recipe, Console console) {
        Quantization quantization = Quantization.by(recipe);
        if (!quantization.needsCalibration()) {
            folder.check(quantization);
            return new PreparedRecipe(folder, quantization, CalibrationOptions.defaults());
        }
        if (report == null) {
            folder.check(quantization);
            CalibrationOptions options = options();
            // A tokenizer that cannot be used is found here.
            folder.encode("a");
            return new PreparedRecipe(folder, quantization, options);
        }
        CalibrationReport found = CalibrationReport.load(report);
        found.warnings().forEach(console::warning);
        Quantization whole = quantization.with(found);
        folder.check(whole);
        return new PreparedRecipe(folder, whole, CalibrationOptions.defaults());
    }

    /** What to calibrate on. */
    CalibrationOptions options() {
        CalibrationOptions options = CalibrationOptions.defaults().withSamples(samples);
        return text == null ? options : options.withText(TextFile.read(text));
    }
}
