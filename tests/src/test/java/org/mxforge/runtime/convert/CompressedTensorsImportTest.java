package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.model.Fixtures;

/** Checkpoints of compressed-tensors become this program's own, and what they may hold beyond is refused by name. */
class CompressedTensorsImportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path work;

    private Path foreign(String fixture, String recipe) {
        Path folder = work.resolve("foreign");
        ModelFolder.open(Fixtures.folder(fixture))
                .quantize(Quantization.by(recipe), CheckpointFormat.COMPRESSED_TENSORS, folder, Progress.SILENT);
        return folder;
    }

    /** Byte for byte, so that it scores the same. */
    @ParameterizedTest
    @ValueSource(strings = {"fx-llama mxfp4/even", "fx-qwen2 mxfp8/even", "fx-mixtral mxfp4/even"})
    void whatIsImportedIsWhatThisProgramWrites(String fixtureAndRecipe) throws IOException {
        String fixture = fixtureAndRecipe.split(" ")[0];
        String recipe = fixtureAndRecipe.split(" ")[1];
        ModelFolder.open(Fixtures.folder(fixture)).quantize(Quantization.by(recipe), work.resolve("own"));
        ModelFolder imported =
                ModelFolder.importForeign(foreign(fixture, recipe), work.resolve("imported"), Progress.SILENT);
        assertThat(imported.recipe().text()).isEqualTo(recipe);
        for (String file : new String[] {"model.safetensors", "config.json"}) {
            assertThat(imported.path().resolve(file))
                    .hasSameBinaryContentAs(work.resolve("own").resolve(file));
        }
    }

    private void refused(Path folder, Consumer<ObjectNode> change, String message) throws IOException {
        Path file = folder.resolve("config.json");
        byte[] before = Files.readAllBytes(file);
        ObjectNode config = (ObjectNode) JSON.readTree(before);
        change.accept((ObjectNode) config.get("quantization_config"));
        JSON.writeValue(file.toFile(), config);
        assertThatThrownBy(() -> ModelFolder.importForeign(folder, work.resolve("out"), Progress.SILENT))
                .hasMessageContaining(message);
        assertThat(work.resolve("out")).doesNotExist();
        Files.write(file, before);
    }

    @Test
    void whatWouldBeLostIsRefused() throws IOException {
        Path folder = foreign("fx-llama", "mxfp4");
        refused(folder, config -> config.put("quant_method", "gptq"), "quant_method");
        refused(
                folder,
                config -> config.put("format", "nvfp4-pack-quantized"),
                "mxfp4-pack-quantized or mxfp8-quantized");
        refused(folder, config -> config.put("rotation", "hadamard"), "key 'rotation'");
        refused(folder, config -> config.putObject("kv_cache_scheme").put("num_bits", 8), "kv_cache_scheme");
        refused(folder, config -> weights(config).put("group_size", 16), "group_size is 16");
        refused(folder, config -> weights(config).put("symmetric", false), "symmetric");
        refused(folder, config -> weights(config).put("zero", 1), "key 'zero'");
        refused(folder, config -> group(config).remove("input_activations"), "input_activations");
        refused(folder, config -> group(config).putArray("targets").add("re:.*mlp.*"), "targets");
    }

    private static ObjectNode group(ObjectNode config) {
        return (ObjectNode) config.at("/config_groups/group_0");
    }

    private static ObjectNode weights(ObjectNode config) {
        return (ObjectNode) group(config).get("weights");
    }

    @Test
    void damagedScalesAreNamed() throws IOException {
        Path folder = foreign("fx-llama", "mxfp8");
        Path file = folder.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        int header = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        int start = JSON.readTree(bytes, Long.BYTES, header)
                .get("model.layers.0.mlp.up_proj.weight_scale")
                .at("/data_offsets/0")
                .intValue();
        bytes[Long.BYTES + header + start] = (byte) 0xff;
        Files.write(file, bytes);
        assertThatThrownBy(() -> ModelFolder.importForeign(folder, work.resolve("out"), Progress.SILENT))
                .hasMessageContaining("model.layers.0.mlp.up_proj.weight_scale");
        assertThat(work.resolve("out")).doesNotExist();
    }

    @Test
    void plainCheckpointsAreNoImports() {
        assertThatThrownBy(() ->
                        ModelFolder.importForeign(Fixtures.folder("fx-llama"), work.resolve("out"), Progress.SILENT))
                .hasMessageContaining("says nothing of quantization");
    }
}
