package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;

/** Checkpoints that are nearly right. */
class CheckpointTest {
    private static final String LAYER = "model.layers.1.self_attn.k_proj.bias";

    @TempDir
    Path folder;

    @Test
    void missingTensorIsNamed() throws IOException {
        assertRefused((name, data) -> name.equals(LAYER) ? null : data, "has no tensor '" + LAYER + "'");
    }

    @Test
    void faultyWeightIsCountedAndNamed() throws IOException {
        assertRefused(
                (name, data) -> {
                    if (name.equals(LAYER)) {
                        data[1] = 0x7f;
                        data[0] = (byte) 0xc0;
                    }
                    return data;
                },
                "tensor '" + LAYER + "'",
                "1 NaN and 0 infinite values among its 64");
    }

    @Test
    void shapesMustFollowTheConfiguration() throws IOException {
        copy("fx-qwen2", (name, data) -> data);
        replaceInConfig("\"intermediate_size\": 384", "\"intermediate_size\": 385");
        assertRefused("has shape [384, 128] where the model's configuration wants [385, 128]");
        replaceInConfig("\"intermediate_size\": 385", "\"intermediate_size\": 384");
        replaceInConfig("\"layer_types\"", "\"other_types\"");
        replaceInConfig("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3");
        assertRefused("has no tensor 'model.layers.2.");
        replaceInConfig("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
        replaceInConfig("\"vocab_size\": 512", "\"vocab_size\": 4000000");
        assertRefused("has shape [512, 128] where the model's configuration wants [4000000, 128]");
    }

    @Test
    void aCentreHasTheWidthOfItsNormAndBiasesBehindIt() throws IOException {
        copy("fx-llama", (name, data) -> data);
        String centre = "model.layers.0.input_layernorm.centre";
        addCentre(centre, 64);
        assertRefused("'" + centre + "'", "has shape [64] where the model's configuration wants [128]");
        addCentre(centre, 128);
        assertRefused("has no tensor 'model.layers.0.self_attn.q_proj.bias'");
    }

    private void addCentre(String name, int width) throws IOException {
        Files.delete(folder.resolve("model.safetensors"));
        tensors("fx-llama", (tensor, data) -> data)
                .add(name, TensorType.BF16, SafetensorsWriter.Payload.of(new short[width]), width)
                .write(folder.resolve("model.safetensors"));
    }

    @Test
    void tokenizerIsMissedOnlyWhenItIsUsed() throws IOException {
        copy("fx-qwen2", (name, data) -> data);
        Checkpoint checkpoint = Checkpoint.open(folder);
        assertThatThrownBy(checkpoint::tokenizer)
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("there is no tokenizer")
                .hasMessageContaining("tokenizer.json");
        Files.createSymbolicLink(folder.resolve("tokenizer.json"), folder.resolve("blobs"));
        assertThatThrownBy(checkpoint::tokenizer)
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("is a link to something that is not there");
        Files.delete(folder.resolve("tokenizer.json"));
        Files.writeString(folder.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(checkpoint::tokenizer)
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("is not a tokenizer that can be used");
    }

    private void assertRefused(BiFunction<String, byte[], byte[]> change, String... messages) throws IOException {
        copy("fx-qwen2", change);
        assertRefused(messages);
    }

    private void assertRefused(String... messages) {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            assertThatThrownBy(() -> Decoder.load(Checkpoint.open(folder), backend))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContainingAll(messages);
        }
    }

    /** Copies a fixture with the data of its tensors changed; null leaves a tensor out. */
    private void copy(String fixture, BiFunction<String, byte[], byte[]> change) throws IOException {
        tensors(fixture, change).write(folder.resolve("model.safetensors"));
        Files.copy(Fixtures.folder(fixture).resolve("config.json"), folder.resolve("config.json"));
    }

    private static SafetensorsWriter tensors(String fixture, BiFunction<String, byte[], byte[]> change) {
        TensorStore store = TensorStore.open(Fixtures.folder(fixture));
        SafetensorsWriter writer = new SafetensorsWriter();
        for (String name : store.names()) {
            TensorInfo info = store.info(name);
            byte[] data = change.apply(name, store.bytes(name).all());
            if (data != null) {
                long[] shape = info.shape().stream().mapToLong(Long::longValue).toArray();
                writer.add(name, info.type(), SafetensorsWriter.Payload.of(data), shape);
            }
        }
        return writer;
    }

    private void replaceInConfig(String text, String replacement) throws IOException {
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace(text, replacement));
    }
}
