package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.quant.Recipe;
import org.mxforge.runtime.quant.TinyCheckpoint;

class CompanionFilesTest {
    private static final List<String> COMPANIONS = List.of(
            "tokenizer.model",
            "added_tokens.json",
            "vocab.json",
            "merges.txt",
            "chat_template.jinja",
            "chat_template.json",
            "generation_config.json",
            "special_tokens_map.json",
            "tokenizer_config.json",
            "preprocessor_config.json",
            "LICENSE",
            "LICENSE.txt",
            "sentencepiece.bpe.model",
            "qwen.tiktoken");

    @TempDir
    Path work;

    @Test
    void whatBelongsToTheModelComesAlong() throws IOException {
        Path model = TinyCheckpoint.write(work.resolve("model"), 128, 256);
        for (String name : COMPANIONS) {
            Files.writeString(model.resolve(name), name);
        }
        Files.writeString(model.resolve("generation_config.json"), "{}");
        Files.createDirectory(model.resolve("additional_chat_templates"));
        Files.writeString(model.resolve("additional_chat_templates/tool.jinja"), "x");
        for (String name : List.of(
                "README.md",
                "pytorch_model.bin",
                "model.gguf",
                "pytorch_model.bin.index.json",
                "trainer_state.json",
                "modeling_own.py",
                ".gitattributes",
                "tf_model.h5")) {
            Files.writeString(model.resolve(name), "no");
        }
        quantize(model);
        List<String> expected = new ArrayList<>(COMPANIONS);
        expected.addAll(List.of("config.json", "tokenizer.json", "model.safetensors", "additional_chat_templates"));
        try (Stream<Path> files = Files.list(work.resolve("out"))) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(expected);
        }
        assertThat(work.resolve("out/tokenizer.model")).hasContent("tokenizer.model");
        assertThat(work.resolve("out/additional_chat_templates/tool.jinja")).hasContent("x");
    }

    @Test
    void linksAsAHubCacheHasThemAreFollowed() throws IOException {
        Path repository = work.resolve("models--a--b");
        Path snapshot = repository.resolve("snapshots/1234");
        Path blobs = Files.createDirectories(repository.resolve("blobs"));
        TinyCheckpoint.write(snapshot, 128, 256);
        for (String name : List.of("config.json", "tokenizer.json", "model.safetensors")) {
            Files.move(snapshot.resolve(name), blobs.resolve(name + "-blob"));
            Files.createSymbolicLink(snapshot.resolve(name), Path.of("../../blobs", name + "-blob"));
        }
        quantize(snapshot);
        assertThat(work.resolve("out/tokenizer.json")).isRegularFile().hasContent("{}");
        assertThat(Files.isSymbolicLink(work.resolve("out/tokenizer.json"))).isFalse();
    }

    @Test
    void otherLinksAreRefusedByName() throws IOException {
        Path secret = Files.writeString(work.resolve("id_ed25519"), "PRIVATE");
        Path model = TinyCheckpoint.write(work.resolve("model"), 128, 256);
        assertRefused(model, secret, "is a link out of the model's folder");
        assertRefused(model, Path.of("../id_ed25519"), "is a link out of the model's folder");
        assertRefused(model, Path.of("nowhere"), "is a link to something that is not there");
        Path snapshot = TinyCheckpoint.write(work.resolve("models--a--b/snapshots/1"), 128, 256);
        Path blobs = Files.createDirectories(work.resolve("models--a--b/blobs"));
        Files.createSymbolicLink(blobs.resolve("x"), secret);
        assertRefused(snapshot, Path.of("../../blobs/x"), "is a link out of the model's folder");
        Path foreign = Files.createDirectories(work.resolve("models--c--d/blobs"));
        Files.writeString(foreign.resolve("y"), "{}");
        assertRefused(snapshot, Path.of("../../../models--c--d/blobs/y"), "is a link out of the model's folder");
        Files.createSymbolicLink(model.resolve("special_tokens_map.json"), Path.of("tokenizer.json"));
        quantize(model);
        assertThat(work.resolve("out/special_tokens_map.json")).hasContent("{}");
    }

    private void assertRefused(Path model, Path target, String message) throws IOException {
        Path link = Files.createSymbolicLink(model.resolve("special_tokens_map.json"), target);
        assertThatThrownBy(() -> quantize(model))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("special_tokens_map.json")
                .hasMessageContaining(message);
        assertThat(work.resolve("out")).doesNotExist();
        Files.delete(link);
    }

    private void quantize(Path model) {
        QuantizationPlan plan = new QuantizationPlan(Recipe.parse("mxfp4"), Checkpoint.open(model), Optional.empty());
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});
    }
}
