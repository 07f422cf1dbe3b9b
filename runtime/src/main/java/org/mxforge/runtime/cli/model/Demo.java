package org.mxforge.runtime.cli.model;

import java.util.List;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.TextScore;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Recipe;

/** The bundled model, calibrated, then quantized by one recipe after the other, tuned, scored and made to write. */
final class Demo {
    /** What every recipe continues. */
    public static final String PROMPT = "The history of the Roman Empire is";

    /** Parts in multiples of 32, since the bundled model is a hidden size of 256 narrow. */
    private static final Recipe MICROMIX = Recipe.parse("micromix;granularity=32");

    /** What is compared. */
    public static final List<Recipe> RECIPES = List.of(
            Recipe.parse("bf16"), Recipe.parse("mxfp8"), Recipe.parse("mxfp6-e2m3"), Recipe.parse("mxfp4"), MICROMIX);

    private static final int SAMPLES = 64;

    private final Engine engine;
    private final ScoringOptions scoring;
    private final GenerationOptions generation;
    private final ModelFolder folder;
    private final CalibrationReport calibration;
    private final int[] ids;

    /**
     * @param folder the bundled model
     * @param calibration what {@link #calibrate} found
     * @param engine what it runs on
     * @param scoring windows of the bundled text that are scored
     * @param generation how the prompt is continued
     */
    public Demo(
            ModelFolder folder,
            CalibrationReport calibration,
            Engine engine,
            ScoringOptions scoring,
            GenerationOptions generation) {
        this.folder = folder;
        this.calibration = calibration;
        this.engine = engine;
        this.scoring = scoring;
        this.generation = generation;
        this.ids = folder.encode(BundledModel.evaluationText());
    }

    /** Measures the activations of the bundled model for the MicroMix recipe. */
    public static CalibrationReport calibrate(ModelFolder folder, Engine engine) {
        return engine.calibrate(
                folder,
                MICROMIX.partitioning().orElseThrow(),
                CalibrationOptions.defaults().withSamples(SAMPLES));
    }

    /** Quantizes and loads the model, and finds variants for the shapes that scoring needs. */
    public Model prepare(Recipe recipe) {
        Model model = engine.load(folder, quantization(recipe));
        model.tune(scoring.window());
        return model;
    }

    private Quantization quantization(Recipe recipe) {
        Quantization quantization = Quantization.by(recipe);
        return quantization.needsCalibration() ? quantization.with(calibration) : quantization;
    }

    /** Scores the bundled text and continues the prompt with the {@code model} that was prepared for {@code recipe}. */
    public DemoResult run(Recipe recipe, Model model) {
        TextScore score = model.score(ids, scoring);
        int[] prompt = folder.encodePrompt(PROMPT);
        // Kernels for these shapes are chosen and compiled here, so that the rate below is that of a model that runs.
        model.tune(prompt.length);
        model.tune(1);
        Generation text = model.generate(prompt, generation, piece -> {});
        return new DemoResult(
                recipe,
                folder.size(quantization(recipe)),
                score.perplexity(),
                score.tokens(),
                score.tokensPerSecond(),
                text.timing().writingTokensPerSecond().orElse(0),
                text.text());
    }
}
