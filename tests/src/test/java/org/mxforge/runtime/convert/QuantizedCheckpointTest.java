package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.checkpoint.quantized.QuantizedTensors;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.Calibrations;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.Partitioning;
import org.mxforge.runtime.quant.QuantizedWeight;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.StoredTypes;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Quantize, save, load: what comes back is what went in, and nothing is left behind by what fails. */
class QuantizedCheckpointTest {
    @TempDir
    Path work;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mxfp4",
                "mxfp6-e3m2/even",
                "e5m2xe2m3/floor",
                "mxfp4/clip;hadamard=32",
                "micromix;granularity=32",
                "micromix;granularity=32;hadamard=32",
                "micromix;weights=fp4;fp6=e2m3;granularity=64;rule=floor"
            })
    void whatIsLoadedIsWhatWasSaved(String text) throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 192));
        QuantizationPlan plan = plan(plain, text);
        AtomicLong written = new AtomicLong();
        new CheckpointQuantizer(plan).write(work.resolve("out"), written::addAndGet);

        Checkpoint loaded = Checkpoint.open(work.resolve("out"));
        QuantizedTensors tensors = QuantizedTensors.open(loaded.weights());
        assertThat(tensors.recipe()).isEqualTo(Recipe.parse(text));
        assertThat(tensors.tool()).startsWith("mxforge ");
        plan.sites().forEach((site, input) -> site.layers().forEach(layer -> {
            QuantizedWeight weight = tensors.weight(layer.name(), layer.outputs(), layer.channels());
            assertThat(weight.input()).isEqualTo(input);
            assertSame(weight.matrix(), expected(plain, layer, input));
        }));
        CheckpointSize size = CheckpointSize.of(plan);
        assertThat(written).hasValue(size.elements());
        assertThat(bytes(loaded.weights().store())).isEqualTo(size.bytes());
        assertThat(CheckpointSize.of(loaded)).isEqualTo(size);
        ObjectNode config =
                StrictJson.read(work.resolve("out/config.json"), 1 << 20).object();
        assertThat(config.remove("quantization_config").toString())
                .isEqualTo("{\"quant_method\":\"mxforge\",\"recipe\":\"%s\",\"scale_rule\":\"%s\"}"
                        .formatted(
                                Recipe.parse(text).text(),
                                Recipe.parse(text).rule().text()));
        assertThat(config)
                .isEqualTo(StrictJson.read(work.resolve("plain/config.json"), 1 << 20)
                        .object());
        assertThat(work.resolve("out/tokenizer.json")).exists();
        assertThat(loaded.weights().store().bytes("model.embed_tokens.weight").all())
                .isEqualTo(plain.weights()
                        .store()
                        .bytes("model.embed_tokens.weight")
                        .all());
        assertThat(loaded.weights().store().has("model.layers.0.mlp.down_proj.weight"))
                .isFalse();
        assertOnly("plain", "out");
    }

    /** Weights go from the stored value to the code, not by way of BF16. */
    @Test
    void weightsOfAnyTypeAreRoundedOnce() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.stored(work.resolve("plain"), StoredTypes::mixed));
        QuantizationPlan plan = plan(plain, "mxfp8");
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
        Checkpoint loaded = Checkpoint.open(work.resolve("out"));
        QuantizedTensors tensors = QuantizedTensors.open(loaded.weights());
        int[] changed = {0};
        plan.sites().forEach((site, input) -> site.layers().forEach(layer -> {
            PackedMatrix actual = tensors.weight(layer.name(), layer.outputs(), layer.channels())
                    .matrix();
            assertSame(actual, expected(plain, layer, input));
            float[] values = plain.weights().f32(layer.name() + ".weight", layer.outputs(), layer.channels());
            float[] rounded = ScalarArray.rounded(ScalarType.BF16, values).floats();
            PackedMatrix twice = new ReferenceQuantizer(input, Side.WEIGHT).quantize(rounded, layer.outputs());
            changed[0] += Arrays.mismatch(
                                    actual.partitions().get(0).codes(),
                                    twice.partitions().get(0).codes())
                            >= 0
                    ? 1
                    : 0;
        }));
        assertThat(changed[0]).as("layers in which a second rounding shows").isGreaterThan(2);
        for (String name : List.of("model.embed_tokens.weight", "model.norm.weight")) {
            assertThat(loaded.weights().store().info(name).type())
                    .isEqualTo(plain.weights().store().info(name).type());
            assertThat(loaded.weights().store().bytes(name).all())
                    .isEqualTo(plain.weights().store().bytes(name).all());
        }
    }

    @Test
    void largeCheckpointsAreSharded() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        QuantizationPlan plan = plan(plain, "mxfp8");
        new CheckpointQuantizer(plan, 40_000).write(work.resolve("out"), elements -> {});
        new CheckpointQuantizer(plan).write(work.resolve("whole"), elements -> {});

        assertThat(work.resolve("out/model.safetensors")).doesNotExist();
        try (Stream<Path> files = Files.list(work.resolve("out"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".safetensors")))
                    .hasSizeGreaterThan(3)
                    .allSatisfy(file ->
                            assertThat(file.getFileName().toString()).matches("model-\\d{5}-of-\\d{5}\\.safetensors"));
        }
        TensorStore sharded = TensorStore.open(work.resolve("out"));
        TensorStore whole = TensorStore.open(work.resolve("whole"));
        assertThat(sharded.names()).containsExactlyInAnyOrderElementsOf(whole.names());
        assertThat(sharded.metadata()).isEqualTo(whole.metadata());
        whole.names().forEach(name -> assertThat(sharded.bytes(name).all())
                .as(name)
                .isEqualTo(whole.bytes(name).all()));
    }

    @Test
    void theSameInputGivesTheSameBytes() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        QuantizationPlan plan = plan(plain, "mxfp6-e2m3");
        new CheckpointQuantizer(plan).write(work.resolve("a"), elements -> {});
        new CheckpointQuantizer(plan).write(work.resolve("b"), elements -> {});
        assertThat(work.resolve("a/model.safetensors")).hasSameBinaryContentAs(work.resolve("b/model.safetensors"));
    }

    @Test
    void sizesCountScalesAndOrders() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        CheckpointSize before = CheckpointSize.of(plain);
        assertThat(before.bitsPerWeight()).isEqualTo(16);
        assertThat(before.bytes()).isEqualTo(bytes(plain.weights().store()));
        CheckpointSize after = CheckpointSize.of(plan(plain, "mxfp4"));
        long orders = 4L * (128 + 128 + 128 + 256);
        assertThat(after.linearBytes()).isEqualTo(after.elements() * 17 / 32 + orders);
        assertThat(after.otherBytes()).isEqualTo(before.otherBytes());
    }

    @Test
    void anExistingFolderIsLeftAlone() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        Files.createDirectory(work.resolve("out"));
        assertRefused(plain, "out", "out", "exists");
        assertThat(work.resolve("out")).isEmptyDirectory();
        assertRefused(plain, "no/where", "there is no folder", "no");
        assertOnly("plain", "out");
    }

    @Test
    void nanInAWeightIsCountedAndNothingIsLeftBehind() throws IOException {
        String name = "model.layers.0.mlp.up_proj.weight";
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.poisoned(work.resolve("plain"), name));
        assertRefused(plain, "out", name, "3 NaN", "2 infinite");
        assertOnly("plain");
    }

    @Test
    void aWidthThatIsNoMultipleOf32NamesTheSite() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 64, 80));
        assertThatThrownBy(() -> plan(plain, "mxfp8"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("model.layers.0.mlp.down", "80", "32");
    }

    @Test
    void aQuantizedCheckpointIsNotQuantizedAgain() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        QuantizationPlan plan = plan(plain, "mxfp8");
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
        Checkpoint quantized = Checkpoint.open(work.resolve("out"));
        assertThatThrownBy(() -> plan(quantized, "mxfp8"))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("quantized already");
    }

    @Test
    void aRecipeWithoutWhatItNeedsIsRefused() throws IOException {
        Checkpoint plain = Checkpoint.open(TinyCheckpoint.write(work.resolve("plain"), 128, 256));
        List<LinearSite> sites = plain.config().linearSites();
        assertThatThrownBy(() -> new QuantizationPlan(Recipe.parse("micromix"), plain, Optional.empty()))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("calibrate");
        assertThatThrownBy(() -> new QuantizationPlan(Recipe.parse("bf16"), plain, Optional.empty()))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("bf16");
        CalibrationReport report = Calibrations.random(sites, Partitioning.DEFAULT);
        assertThatThrownBy(
                        () -> new QuantizationPlan(Recipe.parse("micromix;granularity=64"), plain, Optional.of(report)))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll("granularity=128", "granularity=64");
    }

    private void assertRefused(Checkpoint plain, String output, String... wanted) {
        CheckpointQuantizer quantizer = new CheckpointQuantizer(plan(plain, "mxfp8"));
        assertThatThrownBy(() -> quantizer.write(work.resolve(output), elements -> {}))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll(wanted);
    }

    private void assertOnly(String... names) throws IOException {
        try (Stream<Path> found = Files.list(work)) {
            assertThat(found.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    private static QuantizationPlan plan(Checkpoint plain, String text) {
        Recipe recipe = Recipe.parse(text);
        List<LinearSite> sites = plain.config().linearSites();
        Optional<CalibrationReport> calibration =
                recipe.partitioning().map(partitioning -> Calibrations.random(sites, partitioning));
        return new QuantizationPlan(recipe, plain, calibration);
    }

    private static PackedMatrix expected(Checkpoint plain, LinearLayer layer, InputQuantization input) {
        float[] values = plain.weights().f32(layer.name() + ".weight", layer.outputs(), layer.channels());
        return new ReferenceQuantizer(input, Side.WEIGHT).quantize(values, layer.outputs());
    }

    private static void assertSame(PackedMatrix actual, PackedMatrix expected) {
        assertThat(actual.partitions()).hasSameSizeAs(expected.partitions());
        for (int i = 0; i < expected.partitions().size(); i++) {
            assertThat(actual.partitions().get(i).format())
                    .isEqualTo(expected.partitions().get(i).format());
            assertThat(actual.partitions().get(i).codes())
                    .isEqualTo(expected.partitions().get(i).codes());
            assertThat(actual.partitions().get(i).scales())
                    .isEqualTo(expected.partitions().get(i).scales());
        }
    }

    private static long bytes(TensorStore store) {
        return store.names().stream()
                .mapToLong(name -> store.info(name).bytes())
                .sum();
    }
}
