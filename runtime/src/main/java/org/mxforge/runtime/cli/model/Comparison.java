package org.mxforge.runtime.cli.model;

import java.util.List;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.CalibrationOptions;
import org.mxforge.runtime.Engine;
import org.mxforge.runtime.Generation;
import org.mxforge.runtime.Model;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.ScoringOptions;
import org.mxforge.runtime.TextScore;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.options.GenerationOptions;
import org.mxforge.runtime.quant.Recipe;

/** A model under one recipe after the other, tuned, scored on a text and made to continue a prompt. */
final class Comparison {
    private final ModelFolder folder;
    private final int[] text;
    private final ScoringOptions scoring;
    private final int[] prompt;
    private final GenerationOptions generation;
    private final CacheFormat cache;

    /**
     * @param folder a plain model
     * @param text what is scored
     * @param scoring windows of it
     * @param prompt what is continued
     * @param generation how
     * @param cache how keys and values are kept
     * @throws org.mxforge.runtime.base.MxForgeException if the model is quantized, does not take text or prompt, or is not for the cache
     */
    Comparison(
            ModelFolder folder,
            String text,
            ScoringOptions scoring,
            String prompt,
            GenerationOptions generation,
            CacheFormat cache) {
        if (folder.isQuantized()) {
            throw new MxForgeException(folder.path() + " is quantized already: compare recipes on the original");
        }
        this.folder = folder;
        this.text = folder.encode(text);
        this.scoring = scoring;
        this.prompt = folder.encodePrompt(prompt);
        this.generation = generation;
        this.cache = cache;
        folder.check(cache);
        folder.checkScoring(this.text, scoring);
        folder.checkPrompt(this.prompt);
    }

    /**
     * Calibrates for the recipes that need it, on an engine that does not tune: the short lines of the text would use up the time for shapes
     * that nobody needs.
     *
     * @return how each recipe quantizes
     * @throws org.mxforge.runtime.base.MxForgeException if one does not fit the model, before any is calibrated
     */
    List<Quantization> quantizations(List<Recipe> recipes, CalibrationOptions options, RunOptions run) {
        List<Quantization> wanted = recipes.stream().map(Quantization::by).toList();
        wanted.forEach(folder::check);
        if (wanted.stream().noneMatch(Quantization::needsCalibration)) {
            return wanted;
        }
        try (Engine engine = run.openUntuned()) {
            return wanted.stream()
                    .map(plain ->
                            plain.needsCalibration() ? engine.quantization(folder, plain.recipe(), options) : plain)
                    .toList();
        }
    }

    /** Quantizes and loads the model, and finds variants for the shapes that scoring needs. */
    Model prepare(Engine engine, Quantization quantization) {
        Model model = engine.load(folder, quantization, cache);
        model.tune(scoring.window(), scoring.window());
        return model;
    }

    /** Scores the text and continues the prompt with the {@code model} that was prepared so. */
    Compared run(Quantization quantization, Model model) {
        TextScore score = model.score(text, scoring);
        // Kernels for these shapes are chosen and compiled here, so that the rate below is that of a model that runs.
        int context = prompt.length + generation.maxTokens();
        model.tune(prompt.length, context);
        model.tuneStep(1, context);
        Generation written = model.generate(prompt, generation, piece -> {});
        return new Compared(
                quantization.recipe(),
                folder.size(quantization),
                folder.activationBits(quantization),
                score.perplexity(),
                score.tokens(),
                score.tokensPerSecond(),
                written.timing().writingTokensPerSecond().orElse(0),
                written.text());
    }
}
