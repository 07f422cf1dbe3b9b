package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;

/**
 * Perplexity of the bundled model on the whole bundled text under each recipe, against values measured once with this code
 * when its values on another text agreed with an independent implementation ({@link ReferencePerplexityTest}).
 */
class RecipePerplexityTest {
    private static final Perplexity ALL = new Perplexity(256, 17);

    /**
     * Percent. Every variant of a CPU kernel adds in the same order, so that a run repeats exactly; what is left is for a
     * machine with another {@code Math.exp}.
     */
    private static final double TOLERANCE = 0.1;

    private static final Map<String, Double> EXPECTED = new TreeMap<>(Map.ofEntries(
            Map.entry("bf16", 50.170),
            Map.entry("mxfp8", 50.652),
            Map.entry("mxfp6-e2m3", 50.862),
            Map.entry("mxfp6-e3m2", 51.332),
            Map.entry("mxfp4", 60.243),
            Map.entry("mxfp4/clip", 58.036),
            Map.entry("mxfp4/floor", 59.122),
            Map.entry("mxfp4/even", 59.630),
            Map.entry("mxfp4/clip;hadamard=32", 57.325),
            Map.entry("e4m3xe2m1", 54.461),
            Map.entry("micromix;granularity=32", 52.875),
            Map.entry("micromix;metric=hessian;weights=fp4;granularity=64", 55.745)));

    @TempDir
    static Path work;

    private static DemoRecipes demo;
    private static int[] text;

    @BeforeAll
    static void open() {
        demo = new DemoRecipes(work, VariantChooser.DEFAULTS);
        text = demo.encode(BundledModel.evaluationText());
    }

    @AfterAll
    static void close() {
        demo.close();
    }

    static Iterable<String> recipes() {
        return EXPECTED.keySet();
    }

    @ParameterizedTest
    @MethodSource("recipes")
    void perplexityStaysWhereItWas(String recipe) {
        assertThat(demo.score(demo.prepared(recipe), ALL, text))
                .isCloseTo(EXPECTED.get(recipe), withinPercentage(TOLERANCE));
    }

    /** No result can lie within the tolerance of two recipes. */
    @Test
    void theToleranceTellsAnyTwoRecipesApart() {
        List<Double> sorted = EXPECTED.values().stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i) / sorted.get(i - 1)).isGreaterThan(1 + 3 * TOLERANCE / 100);
        }
    }

    @Test
    void aSavedCheckpointScoresAsTheRecipeOnTheFly() {
        Perplexity three = new Perplexity(256, 3);
        QuantizationPlan plan = demo.plan("micromix;fp6=e2m3;granularity=64");
        new CheckpointQuantizer(plan).write(work.resolve("saved"), elements -> {});
        assertThat(demo.score(Checkpoint.open(work.resolve("saved")), three, text))
                .isEqualTo(demo.score(plan.inMemory(), three, text));
    }
}
