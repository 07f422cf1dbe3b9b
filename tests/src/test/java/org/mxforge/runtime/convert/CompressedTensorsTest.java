package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.Recipe;

/** Checkpoints for vLLM and transformers: names, types and shapes of compressed-tensors, the bits of this program's own. */
class CompressedTensorsTest {
    private static final String LAYER = "model.layers.1.mlp.down_proj";

    @TempDir
    Path work;

    private Path write(String fixture, String recipe) {
        ModelFolder.open(Fixtures.folder(fixture))
                .quantize(
                        Quantization.by(recipe),
                        CheckpointFormat.COMPRESSED_TENSORS,
                        work.resolve(recipe),
                        Progress.SILENT);
        return work.resolve(recipe);
    }

    @ParameterizedTest
    @CsvSource({
        "mxfp4, 4, mxfp4-pack-quantized, weight_packed, U8, 192",
        "mxfp8, 8, mxfp8-quantized, weight, F8_E4M3, 384"
    })
    void layersHaveTheBitsOfOurOwn(String recipe, int bits, String form, String codes, String type, long row)
            throws IOException {
        Path folder = write("fx-llama", recipe);
        Checkpoint plain = Checkpoint.open(Fixtures.folder("fx-llama"));
        PackedPartition packed = new QuantizationPlan(Recipe.parse(recipe), plain, Optional.empty())
                .inMemory()
                .quantizedWeight(plain.config().linearSites().stream()
                        .flatMap(site -> site.layers().stream())
                        .filter(layer -> layer.name().equals(LAYER))
                        .findFirst()
                        .orElseThrow())
                .matrix()
                .partitions()
                .get(0);
        TensorStore store = TensorStore.open(folder);
        assertThat(store.bytes(LAYER + "." + codes).all()).isEqualTo(packed.codes());
        assertThat(store.info(LAYER + "." + codes).dtype()).isEqualTo(type);
        assertThat(store.info(LAYER + "." + codes).shape()).isEqualTo(List.of(128L, row));
        assertThat(store.bytes(LAYER + ".weight_scale").all()).isEqualTo(packed.scales());
        assertThat(store.info(LAYER + ".weight_scale").shape()).isEqualTo(List.of(128L, 12L));
        assertThat(store.has("model.embed_tokens.weight")).isTrue();

        JsonNode config = new ObjectMapper()
                .readTree(folder.resolve("config.json").toFile())
                .get("quantization_config");
        assertThat(config.get("quant_method").asText()).isEqualTo("compressed-tensors");
        assertThat(config.get("format").asText()).isEqualTo(form);
        assertThat(config.at("/config_groups/group_0/weights/num_bits").asInt()).isEqualTo(bits);
        assertThat(config.at("/config_groups/group_0/input_activations/dynamic").asBoolean())
                .isTrue();
        assertThat(config.get("ignore")).extracting(JsonNode::asText).containsExactly("lm_head");
    }

    /** The router of a mixture of experts is linear, and stays plain. */
    @Test
    void plainLayersAreNamed() throws IOException {
        JsonNode ignored = new ObjectMapper()
                .readTree(write("fx-mixtral", "mxfp4").resolve("config.json").toFile())
                .at("/quantization_config/ignore");
        assertThat(ignored).extracting(JsonNode::asText).contains("lm_head", "model.layers.0.block_sparse_moe.gate");
        assertThat(ignored).extracting(JsonNode::asText).noneMatch(name -> name.contains("experts"));
    }

    @Test
    void whatItCannotExpressIsRefused() {
        ModelFolder model = ModelFolder.open(Fixtures.folder("fx-llama"));
        for (String recipe : List.of("mxfp6-e2m3", "e4m3xe2m1", "mxfp4;hadamard=32", "micromix")) {
            assertThatThrownBy(() -> model.check(Quantization.by(recipe), CheckpointFormat.COMPRESSED_TENSORS))
                    .hasMessageContaining("compressed-tensors has no form for recipe " + recipe)
                    .hasMessageContaining("use mxfp4 or mxfp8");
        }
        assertThatThrownBy(() -> CheckpointFormat.parse("gguf"))
                .hasMessageContaining("use mxforge or compressed-tensors or quark");
        assertThatThrownBy(() -> ModelFolder.open(write("fx-llama", "mxfp4")))
                .hasMessageContaining("quantized by compressed-tensors");
    }

    /** Which the file does not tell; those of what tests/src/peers/checkpoint_peers.py found to compute the same. */
    @ParameterizedTest
    @CsvSource({"e2m1xe2m1, mxfp4/even", "e4m3xe4m3, mxfp8"})
    void activationsGoByTheLibrarysRule(String pair, String recipe) {
        ObjectNode config = new ObjectMapper().createObjectNode();
        CompressedTensors form = new CompressedTensors();
        form.describe(config, FormatPair.parse(pair), ScaleRule.CEIL, Set.of());
        assertThat(form.read(new JsonFields("config.json", config)).text()).isEqualTo(recipe);
    }
}
