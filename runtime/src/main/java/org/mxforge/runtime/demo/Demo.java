package org.mxforge.runtime.demo;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.calibration.CalibrationReport;
import org.mxforge.runtime.calibration.CalibrationSamples;
import org.mxforge.runtime.calibration.Calibrator;
import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.convert.RecipeWeights;
import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.engine.Rehearsal;
import org.mxforge.runtime.eval.PerplexityResult;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Generator;
import org.mxforge.runtime.quant.MicroMixRecipe;
import org.mxforge.runtime.quant.PlainRecipe;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.UniformRecipe;

/** The bundled model, calibrated, then quantized by one recipe after the other, tuned, scored and made to write. */
public final class Demo {
    /** Parts in multiples of 32, since the bundled model is a hidden size of 256 narrow. */
    private static final MicroMixRecipe MICROMIX = (MicroMixRecipe) Recipe.parse("micromix;granularity=32");

    /** What is compared. */
    public static final List<Recipe> RECIPES = List.of(
            new PlainRecipe(),
            UniformRecipe.of(ElementFormat.E4M3),
            UniformRecipe.of(ElementFormat.E2M3),
            UniformRecipe.of(ElementFormat.E2M1),
            MICROMIX);

    private static final int SAMPLES = 64;

    private final Engine engine;
    private final DemoSettings settings;
    private final Checkpoint checkpoint;
    private final CalibrationReport calibration;
    private final int[] ids;

    /**
     * @param checkpoint the bundled model
     * @param calibration what {@link #calibrate} found
     * @param engine what it runs on
     */
    public Demo(Checkpoint checkpoint, CalibrationReport calibration, Engine engine, DemoSettings settings) {
        this.checkpoint = checkpoint;
        this.calibration = calibration;
        this.engine = engine;
        this.settings = settings;
        this.ids = checkpoint.tokenizer().encode(BundledDemo.evaluationText());
    }

    /** Tokens that one {@link #run} scores. */
    public long tokens() {
        return (long) settings.scoring().windowsOf(ids.length)
                * settings.scoring().window();
    }

    /** Measures the activations of the bundled model for the MicroMix recipe. */
    public static CalibrationReport calibrate(Checkpoint checkpoint, Backend backend) {
        List<int[]> samples = CalibrationSamples.lines(
                checkpoint.tokenizer(),
                BundledDemo.calibrationText(),
                checkpoint.config().maxPositions(),
                SAMPLES,
                0);
        return new Calibrator(checkpoint, backend).run(MICROMIX.partitioning(), samples, tokens -> {});
    }

    /**
     * Everything for one recipe.
     *
     * @param progress told how many of {@link #tokens} are scored
     */
    public DemoResult run(Recipe recipe, LongConsumer progress) {
        if (recipe instanceof PlainRecipe) {
            return run(recipe, checkpoint, CheckpointSize.of(checkpoint), progress);
        }
        QuantizationPlan plan =
                QuantizationPlan.of(recipe, checkpoint.config().linearSites(), Optional.of(calibration));
        Checkpoint quantized = checkpoint.with(new RecipeWeights(plan, checkpoint.weights()));
        return run(recipe, quantized, CheckpointSize.quantized(checkpoint, plan), progress);
    }

    private DemoResult run(Recipe recipe, Checkpoint model, CheckpointSize size, LongConsumer progress) {
        try (Decoder decoder = Decoder.load(model, engine.backend())) {
            // Variants are searched and compiled here, so that the rates below are those of a model that runs.
            Rehearsal.run(decoder, settings.scoring().window());
            long start = System.nanoTime();
            PerplexityResult perplexity = settings.scoring().of(decoder, ids, progress);
            double scoringRate = rate(tokens(), start);
            int[] prompt = checkpoint.tokenizer().encodePrompt(DemoSettings.PROMPT);
            Rehearsal.run(decoder, 1);
            start = System.nanoTime();
            int[] text = new Generator(decoder).generate(prompt, settings.generation(), id -> {});
            double generationRate = rate(text.length, start);
            String continuation = checkpoint.tokenizer().decode(text);
            return new DemoResult(recipe, size, perplexity, scoringRate, generationRate, continuation);
        }
    }

    private static double rate(long tokens, long start) {
        return tokens * 1e9 / (System.nanoTime() - start);
    }
}
