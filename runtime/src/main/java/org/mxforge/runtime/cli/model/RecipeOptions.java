package org.mxforge.runtime.cli.model;

import java.nio.file.Path;
import java.util.List;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.quant.Recipe;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that quantize a plain checkpoint in memory while it is loaded. */
final class RecipeOptions {
    @Option(
            names = "--recipe",
            paramLabel = "RECIPE",
            completionCandidates = RecipeCandidates.class,
            description = {
                "Quantize in memory: int8, mxfp8, mxfp6-e2m3, mxfp6-e3m2, mxfp4, a pair such as e4m3xe2m1, each"
                        + " with ;hadamard=32 or not, or micromix or mixed with settings, such as"
                        + " 'micromix;fp6=e2m3;granularity=64'; default: the checkpoint as it is."
            })
    private String recipe;

    @ArgGroup
    private Calibration calibration = new Calibration();

    @Mixin
    private SampleOptions samples;

    /** At most one of them. */
    static final class Calibration extends CalibrationFiles {
        @Option(names = "--calibration-text", paramLabel = "FILE", split = ",", description = CalibrationFiles.TEXTS)
        void texts(List<Path> files) {
            take(files);
        }
    }

    /** The canonical text of the recipe by which the linear layers of {@code model} run; {@code bf16} when there is none. */
    String text(ModelFolder model) {
        return (model.isQuantized() ? model.recipe() : parsed()).text();
    }

    private Recipe parsed() {
        return recipe == null ? Quantization.NONE.recipe() : Recipe.parse(recipe);
    }

    /** What the options say about the linear layers of {@code model}, checked before a device is opened. */
    PreparedRecipe prepare(ModelFolder model, Console console) {
        CalibrationSource source = calibration.source(samples);
        if (model.isQuantized()) {
            if (recipe != null) {
                checkKept(model, parsed());
            }
            source.refuseUnused(model.recipe());
            Quantization stored = Quantization.by(parsed());
            model.check(stored);
            return new PreparedRecipe(model, stored, CalibrationOptions.defaults());
        }
        return source.prepare(model, parsed(), console);
    }

    /** What is quantized already stays so; loading refuses another recipe, but cannot know that one was asked to be undone. */
    static void checkKept(ModelFolder model, Recipe asked) {
        if (model.isQuantized() && !asked.quantizes()) {
            throw new MxForgeException(model.path() + " is quantized already, with recipe "
                    + model.recipe().text() + ": for " + asked.text() + " start from the original");
        }
    }
}
