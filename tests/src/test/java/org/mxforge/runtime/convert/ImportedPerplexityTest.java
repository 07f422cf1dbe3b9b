package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.eval.Perplexity;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.runtime.model.Checkpoint;

/** The bundled model out to other programs and back. */
class ImportedPerplexityTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @CsvSource({"mxfp4, COMPRESSED_TENSORS", "mxfp4, QUARK", "mxfp6-e2m3, QUARK"})
    void anImportedCheckpointScoresAsOurs(String recipe, CheckpointFormat format) {
        Perplexity two = new Perplexity(256, 2);
        try (DemoRecipes demo = new DemoRecipes(work, VariantChooser.DEFAULTS)) {
            int[] text = demo.encode(BundledModel.evaluationText());
            new CheckpointQuantizer(demo.plan(recipe), format).write(work.resolve("foreign"), elements -> {});
            CheckpointImport.open(work.resolve("foreign")).write(work.resolve("imported"), elements -> {});
            assertThat(demo.score(Checkpoint.open(work.resolve("imported")), two, text))
                    .isCloseTo(demo.score(demo.prepared(recipe), two, text), withinPercentage(0.05));
        }
    }
}
