package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.SharedFolder;

/** Perplexity of the bundled model on held-out text against transformers with fake quantization, where that text is at hand. */
class ReferencePerplexityTest {
    private static final Perplexity PERPLEXITY = new Perplexity(512, 40);

    private static DemoRecipes demo;

    private int[] text;

    @BeforeAll
    static void open(@TempDir Path work) {
        demo = new DemoRecipes(work, VariantChooser.DEFAULTS);
    }

    @AfterAll
    static void close() {
        demo.close();
    }

    @BeforeEach
    void read() throws IOException {
        Path valid = SharedFolder.require(
                "data/docs/valid.txt", "perplexity under each recipe is not held against transformers'");
        text = demo.encode(Files.readString(valid));
    }

    /** Expected values: {@code shared/models/README.md}; the tolerance is in percent. */
    @ParameterizedTest
    @CsvSource({
        "bf16, 42.987, 0.3",
        "mxfp8, 43.407, 0.7",
        "mxfp6-e3m2, 44.784, 0.7",
        "mxfp6-e2m3, 43.552, 0.7",
        "mxfp4, 54.894, 0.7",
        "mxfp4/floor, 56.933, 0.7",
    })
    void perplexityIsThatOfTransformers(String recipe, double expected, double tolerance) {
        assertThat(PERPLEXITY.scored(text.length)).isEqualTo(20_440);
        assertThat(demo.score(demo.prepared(recipe), PERPLEXITY, text))
                .isCloseTo(expected, withinPercentage(tolerance));
    }
}
