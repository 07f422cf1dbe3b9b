package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.torch.TorchArchive;
import org.mxforge.runtime.checkpoint.torch.TorchFile;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.PartCounts;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** MicroMix's own calibration quantizes a model here as it would there. The files are torch's, made by micromix_calibration.py. */
class MicroMixCalibrationTest {
    private static final String INDEX = "tiny_reorder_index_wikitext2.pt";

    @TempDir
    Path work;

    private Path model;

    @BeforeEach
    void write() {
        model = TinyCheckpoint.write(work.resolve("tiny"), 128, 256);
    }

    @Test
    void ordersAndCountsAreTaken() {
        Path index = ForeignFixtures.folder("micromix").resolve(INDEX);
        CalibrationReport report = ModelFolder.open(model).importCalibration(index);
        assertThat(report.warnings()).isEmpty();
        assertThat(report.sites()).hasSize(4);
        assertThat(report.sites().get("model.layers.0.self_attn.qkv").order())
                .isEqualTo(TorchFile.wholeNumbers(index).get("layers.0.self_attn.v_proj.input"));
        assertThat(report.sites().get("model.layers.0.self_attn.qkv").counts()).isEqualTo(new PartCounts(64, 32, 32));
        assertThat(report.sites().get("model.layers.0.mlp.down").counts()).isEqualTo(new PartCounts(160, 64, 32));

        Path saved = work.resolve("calibration.json");
        report.save(saved);
        assertThat(CalibrationReport.load(saved)).isEqualTo(report);
        for (String recipe : new String[] {"micromix;granularity=32", "micromix;weights=fp4;granularity=32"}) {
            QuantizationPlan plan = new QuantizationPlan(
                    Recipe.parse(recipe), Checkpoint.open(model), Optional.of(CalibrationReport.load(saved)));
            new CheckpointQuantizer(plan).write(work.resolve(recipe), elements -> {});
            assertThat(ModelFolder.open(work.resolve(recipe)).recipe().text()).isEqualTo(recipe);
        }
    }

    private Path copy(String index, String six, String eight) throws IOException {
        Path folder = Files.createTempDirectory(work, "saved");
        Path micromix = ForeignFixtures.folder("micromix");
        Files.copy(micromix.resolve("tiny_" + index + "_wikitext2.pt"), folder.resolve(INDEX));
        Files.copy(
                micromix.resolve("tiny_" + six + "_wikitext2.pt"),
                folder.resolve(INDEX.replace("reorder_index", "p6_num")));
        Files.copy(
                micromix.resolve("tiny_" + eight + "_wikitext2.pt"),
                folder.resolve(INDEX.replace("reorder_index", "p8_num")));
        return folder.resolve(INDEX);
    }

    private void refused(Path index, Path folder, String... words) {
        assertThatThrownBy(() -> ModelFolder.open(folder).importCalibration(index))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll(words);
    }

    /** Orders in place of counts, counts in place of orders. */
    @ParameterizedTest
    @CsvSource({
        "p6_num, p6_num, p8_num, 1 channels for 'layers.0.self_attn.q_proj.input'",
        "reorder_index, reorder_index, p8_num, no count for",
        "reorder_index, p6_num, reorder_index, no count for"
    })
    void filesInEachOthersPlacesAreNamed(String index, String six, String eight, String message) throws IOException {
        refused(copy(index, six, eight), model, "does not fit this model", message);
    }

    /** More than there are channels, none of a group of 32, below 0. */
    @ParameterizedTest
    @CsvSource({"128, must not be negative", "33, must be multiples of 32", "-32, must not be negative"})
    void countsThatCannotBeAreNamed(int count, String message) throws IOException {
        Path index = copy("reorder_index", "p6_num", "p8_num");
        Path eight = index.resolveSibling(INDEX.replace("reorder_index", "p8_num"));
        byte[] pickle = TorchArchive.numbers(TorchFile.wholeNumbers(index).keySet(), count);
        TorchArchive.write(eight, pickle, Map.of());
        refused(index, model, "does not fit this model", message, "layers.0.self_attn.q_proj.input");
    }

    @Test
    void otherModelsAreNamed() throws IOException {
        Path index = copy("reorder_index", "p6_num", "p8_num");
        refused(index, TinyCheckpoint.write(work.resolve("wide"), 256, 256), "128 channels", "the model 256");
        refused(index, Fixtures.folder("fx-llama"), "256 channels", "the model 384");
        refused(index, Fixtures.folder("fx-mixtral"), "has no 'layers.0.block_sparse_moe.experts.0.w1.input'");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        Path index = copy("reorder_index", "p6_num", "p8_num");
        Files.delete(index.resolveSibling(INDEX.replace("reorder_index", "p8_num")));
        refused(index, model, "p8_num", "there is no torch file");
        refused(work.resolve("orders.pt"), model, "there is no torch file");
        Path other = Files.copy(index, index.resolveSibling("orders.pt"));
        refused(other, model, "is not named as MicroMix names its orders");
    }
}
