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
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.runtime.ImportedCheckpoint;
import org.mxforge.runtime.ModelFolder;
import org.mxforge.runtime.Quantization;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.CheckpointFormat;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter.Payload;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;

/** Checkpoints of other programs become this program's own, and what they may hold beyond is refused by name. */
class CheckpointImportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path work;

    private Path foreign(String fixture, String recipe, CheckpointFormat format) {
        Path folder = work.resolve("foreign");
        ModelFolder.open(Fixtures.folder(fixture)).quantize(Quantization.by(recipe), format, folder, Progress.SILENT);
        return folder;
    }

    /** Byte for byte, so that it scores the same. */
    @ParameterizedTest
    @CsvSource({
        "fx-llama, mxfp4, COMPRESSED_TENSORS",
        "fx-qwen2, mxfp8, COMPRESSED_TENSORS",
        "fx-mixtral, mxfp4/even, COMPRESSED_TENSORS",
        "fx-llama, mxfp4/even, QUARK",
        "fx-mixtral, mxfp6-e2m3, QUARK",
        "fx-qwen2, mxfp6-e3m2/floor, QUARK",
        "fx-qwen3, mxfp8, QUARK",
        "fx-llama, e2m3xe2m1, QUARK"
    })
    void whatIsImportedIsWhatThisProgramWrites(String fixture, String recipe, CheckpointFormat format)
            throws IOException {
        ModelFolder.open(Fixtures.folder(fixture)).quantize(Quantization.by(recipe), work.resolve("own"));
        ImportedCheckpoint imported =
                ModelFolder.importForeign(foreign(fixture, recipe, format), work.resolve("imported"), Progress.SILENT);
        assertThat(imported.recipe().text()).isEqualTo(recipe);
        for (String file : new String[] {"model.safetensors", "config.json"}) {
            assertThat(imported.folder().resolve(file))
                    .hasSameBinaryContentAs(work.resolve("own").resolve(file));
        }
    }

    /** Files that nothing of this program wrote; what their weights stand for is beside them. */
    @ParameterizedTest
    @CsvSource({
        "quark-mxfp4, mxfp4/even",
        "quark-mxfp6, mxfp6-e2m3/even",
        "quark-mxfp4-mxfp6, e3m2xe2m1/even",
        "quark-mxfp8, mxfp8/even"
    })
    void filesOfOthersMeanWhatTheyMeantThere(String fixture, String recipe) {
        ImportedCheckpoint imported =
                ModelFolder.importForeign(ForeignFixtures.folder(fixture), work.resolve("imported"), Progress.SILENT);
        assertThat(imported.recipe().text()).isEqualTo(recipe);
        Checkpoint checkpoint = Checkpoint.open(imported.folder());
        Map<String, float[]> expected = ForeignFixtures.expected(fixture);
        assertThat(expected).hasSize(2);
        checkpoint.config().linearSites().stream()
                .flatMap(site -> site.layers().stream())
                .filter(layer -> expected.containsKey(layer.name()))
                .forEach(layer -> assertThat(ForeignFixtures.values(checkpoint
                                .quantizedWeight(layer)
                                .matrix()
                                .partitions()
                                .get(0)))
                        .isEqualTo(expected.remove(layer.name())));
        assertThat(expected).isEmpty();
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
        Path folder = foreign("fx-llama", "mxfp4", CheckpointFormat.COMPRESSED_TENSORS);
        refused(folder, config -> config.put("quant_method", "gptq"), "not compressed-tensors or quark or mxfp4");
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

    @Test
    void whatWouldBeLostOfQuarkIsRefused() throws IOException {
        Path folder = foreign("fx-llama", "mxfp4", CheckpointFormat.QUARK);
        refused(folder, config -> config.put("rotation", true), "key 'rotation'");
        refused(folder, config -> config.putObject("layer_quant_config").putObject("*k_proj"), "layer_quant_config");
        refused(folder, config -> config.putArray("algo_config").addObject().put("name", "rotation"), "rotation");
        refused(folder, config -> export(config).put("weight_format", "fake_quantized"), "not real_quantized");
        refused(folder, config -> export(config).putArray("kv_cache_group").add("*k_proj"), "kv_cache_group");
        refused(folder, config -> layers(config).putNull("input_tensors"), "quantizes weights alone");
        refused(
                folder,
                config -> layers(config).putObject("output_tensors").put("dtype", "fp8_e4m3"),
                "output_tensors");
        for (String side : new String[] {"weight", "input_tensors"}) {
            refused(folder, config -> tensor(config, side).put("group_size", 16), "group_size is 16");
            refused(folder, config -> tensor(config, side).put("scale_format", "e4m3"), "not e8m0");
            refused(folder, config -> tensor(config, side).put("dtype", "int4"), "not fp4, fp6_e2m3, fp6_e3m2");
            refused(folder, config -> tensor(config, side).put("zero", 1), "key 'zero'");
            refused(folder, config -> tensor(config, side).put("is_scale_quant", true), "is_scale_quant");
        }
        refused(
                folder,
                config -> tensor(config, "input_tensors").put("scale_calculation_mode", "ceil"),
                "not even or floor");
        refused(folder, config -> tensor(config, "weight").put("dtype", "fp6_e2m3"), "do not belong together");
    }

    private static ObjectNode export(ObjectNode config) {
        return (ObjectNode) config.get("export");
    }

    private static ObjectNode layers(ObjectNode config) {
        return (ObjectNode) config.get("global_quant_config");
    }

    private static ObjectNode tensor(ObjectNode config, String side) {
        return (ObjectNode) layers(config).get(side);
    }

    /** A layer that Quark was told to leave out has its weight as it was. */
    @Test
    void checkpointsThatAreQuantizedInPartAreRefused() throws IOException {
        Path folder = work.resolve("partly");
        Path source = ForeignFixtures.folder("quark-mxfp4");
        TensorStore store = TensorStore.open(source);
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : store.names()) {
            if (!name.equals("model.layers.0.self_attn.o_proj.weight_scale")) {
                writer.add(store.info(name), Payload.of(store.bytes(name).all()));
            }
        }
        Files.createDirectory(folder);
        Files.copy(source.resolve("config.json"), folder.resolve("config.json"));
        writer.write(folder.resolve("model.safetensors"));
        assertThatThrownBy(() -> ModelFolder.importForeign(folder, work.resolve("out"), Progress.SILENT))
                .hasMessageContaining("has model.layers.0.self_attn.o_proj as it was");
        assertThat(work.resolve("out")).doesNotExist();
    }

    private static ObjectNode group(ObjectNode config) {
        return (ObjectNode) config.at("/config_groups/group_0");
    }

    private static ObjectNode weights(ObjectNode config) {
        return (ObjectNode) group(config).get("weights");
    }

    @Test
    void damagedScalesAreNamed() throws IOException {
        Path folder = foreign("fx-llama", "mxfp8", CheckpointFormat.COMPRESSED_TENSORS);
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
