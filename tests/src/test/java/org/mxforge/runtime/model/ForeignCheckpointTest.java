package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** What is not a checkpoint in safetensors is called by its name, with what to do. */
class ForeignCheckpointTest {
    private static final String LFS =
            "version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 4976698672\n";

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void write() {
        model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
    }

    @ParameterizedTest
    @CsvSource({
        "pytorch_model.bin, PyTorch pickles",
        "pytorch_model-00001-of-00002.bin, PyTorch pickles",
        "model.pt, PyTorch pickles",
        "model.pth, PyTorch pickles",
        "consolidated.00.pth, Meta's own layout",
        "consolidated.safetensors, Mistral's own layout",
        "model-Q4_K_M.gguf, llama.cpp",
        "tf_model.h5, TensorFlow",
        "saved_model.pb, TensorFlow",
        "flax_model.msgpack, Flax",
        "model.onnx, ONNX",
        "adapter_config.json, adapter (LoRA)",
        "adapter_model.safetensors, adapter (LoRA)",
        "model.fp16.safetensors, under another name",
        "model.safetensors.incomplete, not complete"
    })
    void otherWeightsAreNamed(String file, String name) throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        Files.writeString(model.resolve(file), "x");
        assertRefused(file, name);
        Files.delete(model.resolve("config.json"));
        assertRefused(file, name);
    }

    @Test
    void foldersAndFilesThatAreNoneAreNamed() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        assertThatThrownBy(() -> Checkpoint.open(empty)).hasMessageContaining("is an empty folder");
        Path cache = Files.createDirectories(folder.resolve("hub/models--a--b/snapshots"))
                .getParent();
        assertThatThrownBy(() -> Checkpoint.open(cache)).hasMessageContaining("hub cache");
        assertThatThrownBy(() -> Checkpoint.open(cache.getParent())).hasMessageContaining("hub cache");
        assertThatThrownBy(() -> Checkpoint.open(model.resolve("model.safetensors")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("is a file: point at the folder");
        Path gguf = Files.writeString(folder.resolve("model.gguf"), "GGUF\3");
        assertThatThrownBy(() -> Checkpoint.open(gguf)).hasMessageContaining("GGUF file of llama.cpp");
        assertThatThrownBy(() -> Checkpoint.open(folder.resolve("none"))).hasMessageContaining("there is no folder");
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "config.json", "tokenizer.json", "generation_config.json"})
    void pointersOfGitLfsAreNamed(String file) throws IOException {
        Files.writeString(model.resolve(file), LFS);
        assertRefused(file, "Git LFS pointer", "git lfs pull");
    }

    @ParameterizedTest
    @CsvSource({"GGUF, GGUF file", "'PK\u0003\u0004', pickle", "'\u0080\u0002', pickle", "<!DOCTYPE html>, web page"})
    void whatIsCalledSafetensorsMayBeAnother(String begin, String name) throws IOException {
        Files.write(model.resolve("model.safetensors"), (begin + "xxxxxxxx").getBytes(StandardCharsets.ISO_8859_1));
        assertRefused("model.safetensors", name);
    }

    @Test
    void aWebPageIsNoConfiguration() throws IOException {
        Files.writeString(model.resolve("config.json"), "<!doctype html><html>401</html>");
        assertRefused("config.json", "web page");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'quantization_config': {'quant_method': 'gptq', 'bits': 4} | gptq",
                "'quantization_config': {'quant_method': 'awq'} | awq",
                "'quantization_config': {'quant_method': 'fp8', 'fmt': 'e4m3'} | fp8",
                "'quantization_config': {'quant_method': 'mxfp4'} | mxfp4",
                "'quantization_config': {'quant_method': 'compressed-tensors'} | compressed-tensors",
                "'quantization_config': {'load_in_4bit': true} | bitsandbytes",
                "'quantization_config': {'x': 1} | not named",
                "'quantization': {'group_size': 64, 'bits': 4} | MLX"
            })
    void otherQuantizationsAreNamed(String key, String method) throws IOException {
        configure(key.replace('\'', '"'));
        assertRefused("config.json", "is quantized by", method, "start from the original");
    }

    @Test
    void noQuantizationAndOursAreRead() throws IOException {
        configure("\"quantization_config\": null");
        assertThat(Checkpoint.open(model).config().layers()).isOne();
        configure("\"quantization_config\": {\"quant_method\": \"mxforge\", \"recipe\": \"mxfp4\"}");
        assertThat(Checkpoint.open(model).config().layers()).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tokenizer.model", "tekken.json", "vocab.json"})
    void tokenizersInOtherFormsAreNamed(String file) throws IOException {
        Files.move(model.resolve("tokenizer.json"), model.resolve(file));
        assertRefused("there is no tokenizer", file, "convert it");
    }

    private void configure(String key) throws IOException {
        Path config = model.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{" + key.replace("$", "\\$") + ", "));
    }

    private void assertRefused(String... words) {
        assertThatThrownBy(() -> Checkpoint.open(model).tokenizer())
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll(words);
    }
}
