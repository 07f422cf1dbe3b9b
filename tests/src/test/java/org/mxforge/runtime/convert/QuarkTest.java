package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Fixtures;

/** Checkpoints for Quark, and so for vLLM and transformers: names, types and shapes; the bits are looked at when they are imported. */
class QuarkTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LAYER = "model.layers.1.mlp.down_proj";

    @TempDir
    Path work;

    private Path write(String recipe) {
        Path folder = work.resolve(recipe.replace('/', '-'));
        ModelFolder.open(Fixtures.folder("fx-llama"))
                .quantize(Quantization.by(recipe), CheckpointFormat.QUARK, folder, Progress.SILENT);
        return folder;
    }

    private static JsonNode config(Path folder) throws IOException {
        return JSON.readTree(folder.resolve("config.json").toFile()).get("quantization_config");
    }

    @ParameterizedTest
    @CsvSource({
        "mxfp4, fp4, fp4, U8, 192, even",
        "mxfp4/floor, fp4, fp4, U8, 192, floor",
        "mxfp6-e3m2, fp6_e3m2, fp6_e3m2, U8, 288, even",
        "mxfp6-e2m3/even, fp6_e2m3, fp6_e2m3, U8, 288, even",
        "mxfp8, fp8_e4m3, fp8_e4m3, F8_E4M3, 384, even",
        "e2m3xe2m1, fp4, fp6_e2m3, U8, 192, even"
    })
    void layersAreAsQuarkHasThem(String recipe, String weight, String input, String type, long row, String rule)
            throws IOException {
        Path folder = write(recipe);
        TensorStore store = TensorStore.open(folder);
        assertThat(store.info(LAYER + ".weight").dtype()).isEqualTo(type);
        assertThat(store.info(LAYER + ".weight").shape()).isEqualTo(List.of(128L, row));
        assertThat(store.info(LAYER + ".weight_scale").dtype()).isEqualTo("U8");
        assertThat(store.info(LAYER + ".weight_scale").shape()).isEqualTo(List.of(128L, 12L));

        JsonNode config = config(folder);
        JsonNode layers = config.get("global_quant_config");
        assertThat(layers.at("/weight/dtype").textValue()).isEqualTo(weight);
        assertThat(layers.at("/weight/is_dynamic").booleanValue()).isFalse();
        assertThat(layers.at("/input_tensors/dtype").textValue()).isEqualTo(input);
        assertThat(layers.at("/input_tensors/is_dynamic").booleanValue()).isTrue();
        assertThat(layers.at("/input_tensors/scale_calculation_mode").textValue())
                .isEqualTo(rule);
        assertThat(config.get("exclude")).extracting(JsonNode::textValue).containsExactly("lm_head");
    }

    /** Nothing but what Quark writes itself, or it would not read it. */
    @Test
    void keysAreThoseOfAFileOfQuark() throws IOException {
        JsonNode theirs = config(ForeignFixtures.folder("quark-mxfp4"));
        JsonNode ours = config(write("mxfp4/even"));
        Set<String> keys = keys("", theirs);
        assertThat(keys).containsAll(keys("", ours));
        for (String key : keys("", ours)) {
            if (ours.at(key).isValueNode()) {
                assertThat(ours.at(key)).as(key).isEqualTo(theirs.at(key));
            }
        }
    }

    private static Set<String> keys(String path, JsonNode node) {
        Set<String> keys = new TreeSet<>();
        node.fieldNames().forEachRemaining(name -> {
            keys.add(path + "/" + name);
            keys.addAll(keys(path + "/" + name, node.get(name)));
        });
        return keys;
    }

    /** Its programs would not turn activations. */
    @Test
    void turnedWeightsAreRefused() {
        ModelFolder model = ModelFolder.open(Fixtures.folder("fx-llama"));
        assertThatThrownBy(() -> model.check(Quantization.by("mxfp4;hadamard=32"), CheckpointFormat.QUARK))
                .hasMessageContaining("quark has no form for recipe mxfp4;hadamard=32");
    }

    @Test
    void mixedChannelsAreRefused() {
        ModelFolder model = ModelFolder.open(Fixtures.folder("fx-llama"));
        assertThatThrownBy(() -> model.check(Quantization.by("micromix"), CheckpointFormat.QUARK))
                .hasMessageContaining("quark has no form for recipe micromix: use a uniform one")
                .hasMessageContaining("--format mxforge");
    }
}
