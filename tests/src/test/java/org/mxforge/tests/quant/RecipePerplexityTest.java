package org.mxforge.tests.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.backend.Backend;
import org.mxforge.runtime.calibration.CalibrationReport;
import org.mxforge.runtime.calibration.CalibrationSamples;
import org.mxforge.runtime.calibration.Calibrator;
import org.mxforge.runtime.convert.CheckpointQuantizer;
import org.mxforge.runtime.convert.QuantizationPlan;
import org.mxforge.runtime.convert.RecipeWeights;
import org.mxforge.runtime.cpu.CpuBackend;
import org.mxforge.runtime.demo.BundledDemo;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.quant.MicroMixRecipe;
import org.mxforge.runtime.quant.PlainRecipe;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.tune.VariantChooser;

/**
 * Perplexity of the bundled model on the bundled text under each recipe, against values measured once with this code when its
 * values on another text agreed with an independent implementation.
 */
class RecipePerplexityTest {
    private static final Perplexity PERPLEXITY = new Perplexity(256, 3);

    /** Percent. Another order of summation moves activations over rounding borders; with 4-bit elements and so short a text that shows. */
    private static final double TOLERANCE = 1.5;

    @TempDir
    static Path work;

    private static Checkpoint demo;
    private static Backend backend;
    private static int[] text;

    @BeforeAll
    static void open() {
        demo = Checkpoint.open(BundledDemo.checkpoint(work));
        backend = new CpuBackend(2, VariantChooser.DEFAULTS);
        text = demo.tokenizer().encode(BundledDemo.evaluationText());
    }

    @AfterAll
    static void close() {
        backend.close();
    }

    @ParameterizedTest
    @CsvSource({
        "bf16, 42.626",
        "mxfp8, 43.570",
        "mxfp6-e2m3, 43.784",
        "mxfp6-e3m2, 43.251",
        "mxfp4, 49.344",
        "mxfp4/floor, 49.688",
        "e4m3xe2m1, 44.956",
        "micromix;granularity=32, 46.275",
        "micromix;metric=hessian;weights=fp4;granularity=64, 47.041",
    })
    void perplexityStaysWhereItWas(String recipe, double expected) {
        assertThat(perplexity(prepared(Recipe.parse(recipe)))).isCloseTo(expected, withinPercentage(TOLERANCE));
    }

    @Test
    void aSavedCheckpointScoresAsTheRecipeOnTheFly() {
        QuantizationPlan plan = plan(Recipe.parse("micromix;fp6=e2m3;granularity=64"));
        new CheckpointQuantizer(demo, plan).write(work.resolve("saved"), elements -> {});
        Checkpoint onTheFly = demo.with(new RecipeWeights(plan, demo.weights()));
        assertThat(perplexity(Checkpoint.open(work.resolve("saved")))).isEqualTo(perplexity(onTheFly));
    }

    private static double perplexity(Checkpoint checkpoint) {
        try (Decoder decoder = Decoder.load(checkpoint, backend)) {
            return PERPLEXITY.of(decoder, text, tokens -> {}).perplexity();
        }
    }

    private static Checkpoint prepared(Recipe recipe) {
        return recipe instanceof PlainRecipe ? demo : demo.with(new RecipeWeights(plan(recipe), demo.weights()));
    }

    private static QuantizationPlan plan(Recipe recipe) {
        Optional<CalibrationReport> calibration = recipe instanceof MicroMixRecipe mixed
                ? Optional.of(new Calibrator(demo, backend).run(mixed.partitioning(), samples(), tokens -> {}))
                : Optional.empty();
        return QuantizationPlan.of(recipe, demo.config().linearSites(), calibration);
    }

    private static List<int[]> samples() {
        return CalibrationSamples.lines(demo.tokenizer(), BundledDemo.calibrationText(), 256, 8, 1);
    }
}
