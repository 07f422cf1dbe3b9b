package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import java.util.List;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.TextFile;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.Recipe;

/**
 * Where a calibration comes from.
 *
 * @param report a saved one; null to calibrate now
 * @param texts to calibrate on; none for the bundled one
 * @param ownText whether the model writes the text
 * @param samples most lines or windows of them
 * @param window tokens of a window; null for as many as usual
 */
record CalibrationSource(Path report, List<Path> texts, boolean ownText, int samples, Integer window) {
    CalibrationSource(Path report, List<Path> texts, SampleOptions samples) {
        this(report, texts == null ? List.of() : texts, samples.ownText(), samples.samples(), samples.length());
        if (ownText && !this.texts.isEmpty()) {
            throw new MxForgeException("--own-text and a text to calibrate on were given: one of them");
        }
    }

    /**
     * What is to be done to {@code folder}, as far as it can be checked before a device is opened.
     *
     * @throws org.mxforge.runtime.base.MxForgeException if the recipe does not fit the model, or a file is missing or damaged
     */
    PreparedRecipe prepare(ModelFolder folder, Recipe recipe, Console console) {
        if (ownText && recipe.mixed().isEmpty()) {
            throw new MxForgeException("--own-text is for mixed, which is searched for on a text, and not for "
                    + recipe.text() + ": leave it out");
        }
        Quantization quantization = Quantization.by(recipe);
        if (!quantization.needsCalibration()) {
            refuseUnused(recipe);
            folder.check(quantization);
            return new PreparedRecipe(folder, quantization, CalibrationOptions.defaults());
        }
        if (report != null && recipe.mixed().isPresent()) {
            throw new MxForgeException("a saved calibration says nothing about " + recipe.text()
                    + ", which is searched for on a text: give that");
        }
        if (report == null) {
            folder.check(quantization);
            refuseBundled(recipe);
            CalibrationOptions options = options();
            if (recipe.mixed().isPresent() && window != null && window > folder.maxPositions()) {
                console.warning("--seqlen " + window + " is more than the model takes: windows have "
                        + folder.maxPositions() + " tokens");
            }
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

    /** Refuses a calibration or texts that {@code recipe} has no use for. */
    void refuseUnused(Recipe recipe) {
        if (report != null || !texts.isEmpty()) {
            throw new MxForgeException("a calibration, and texts for one, are for micromix and mixed; "
                    + (recipe.quantizes() ? recipe.text() + " needs none" : "no such recipe is named")
                    + ": leave them out");
        }
    }

    /** The bundled text is long enough to measure channels on, and not for weights to be rounded by what it says. */
    void refuseBundled(Recipe recipe) {
        boolean learns = recipe.mixed().stream().anyMatch(mixed -> mixed.round() != MixedRecipe.Rounding.NEAREST);
        if (learns && texts.isEmpty() && !ownText) {
            throw new MxForgeException(recipe.text()
                    + " learns from 30,000 tokens or more how to round, which the bundled text has not: give texts of"
                    + " what the model is for and of other things, --own-text where a command has it, or"
                    + " round=nearest");
        }
    }

    /** What to calibrate on. */
    CalibrationOptions options() {
        CalibrationOptions usual = CalibrationOptions.defaults().withSamples(samples);
        CalibrationOptions options = window == null ? usual : usual.withWindow(window);
        if (ownText) {
            return options.withOwnText();
        }
        return texts.isEmpty()
                ? options
                : options.withTexts(texts.stream().map(TextFile::read).toList());
    }
}
