package org.mxforge.runtime.demo;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.mxforge.runtime.convert.CalibrationSamples;
import org.mxforge.runtime.convert.Calibrator;
import org.mxforge.runtime.convert.CheckpointSize;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.engine.Engine;
import org.mxforge.runtime.engine.Rehearsal;
import org.mxforge.runtime.eval.PerplexityResult;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Generator;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Recipe;

/** The bundled model, calibrated, then quantized by one recipe after the other, tuned, scored and made to write. */
public final class Demo {
    /** Parts in multiples of 32, since the bundled model is a hidden size of 256 narrow. */
    private static final Recipe MICROMIX = Recipe.parse("micromix;granularity=32");

    /** What is compared. */
    public static final List<Recipe> RECIPES = List.of(
            Recipe.parse("bf16"), Recipe.parse("mxfp8"), Recipe.parse("mxfp6-e2m3"), Recipe.parse("mxfp4"), MICROMIX);

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
        return new Calibrator(checkpoint, backend)
                .run(MICROMIX.partitioning().orElseThrow(), MICROMIX.quantizer().needs(), samples, tokens -> {});
    }

    /** Quantizes and loads the model, and finds variants for the shapes that scoring needs. */
    public DemoModel prepare(Recipe recipe) {
        DemoModel model = load(recipe);
        Rehearsal.run(model.decoder(), settings.scoring().window());
        return model;
    }

    private DemoModel load(Recipe recipe) {
        if (!recipe.quantizes()) {
            return new DemoModel(recipe, CheckpointSize.of(checkpoint), Decoder.load(checkpoint, engine.backend()));
        }
        QuantizationPlan plan = new QuantizationPlan(recipe, checkpoint, Optional.of(calibration));
        return new DemoModel(recipe, CheckpointSize.of(plan), Decoder.load(plan.inMemory(), engine.backend()));
    }

    /**
     * Scores the bundled text and continues the prompt.
     *
     * @param progress told how many of {@link #tokens} are scored
     */
    public DemoResult run(DemoModel model, LongConsumer progress) {
        long start = System.nanoTime();
        PerplexityResult perplexity = settings.scoring().of(model.decoder(), ids, progress);
        double scoringRate = rate(tokens(), start);
        int[] prompt = checkpoint.tokenizer().encodePrompt(DemoSettings.PROMPT);
        // Kernels for these shapes are chosen and compiled here, so that the rate below is that of a model that runs.
        Rehearsal.run(model.decoder(), prompt.length);
        Rehearsal.run(model.decoder(), 1);
        start = System.nanoTime();
        int[] text = new Generator(model.decoder()).generate(prompt, settings.generation(), id -> {});
        double generationRate = rate(text.length, start);
        String continuation = checkpoint.tokenizer().decode(text);
        return new DemoResult(model.recipe(), model.size(), perplexity, scoringRate, generationRate, continuation);
    }

    private static double rate(long tokens, long start) {
        return tokens * 1e9 / (System.nanoTime() - start);
    }
}
