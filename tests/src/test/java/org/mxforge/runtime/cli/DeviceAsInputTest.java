package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;

/** A device that never ends is refused wherever a file is read: it would fill the memory, and a pipe would hang. */
class DeviceAsInputTest {
    private static final Path ENDLESS = Path.of("/dev/zero");

    /** Far longer than a refusal takes. */
    private static final Duration HANGS = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void copyModel() throws IOException {
        Path bundled = BundledModel.checkpoint(folder.resolve("cache"));
        model = Files.createDirectory(folder.resolve("model"));
        for (String name : new String[] {"config.json", "tokenizer.json"}) {
            Files.copy(bundled.resolve(name), model.resolve(name));
        }
        Files.createSymbolicLink(model.resolve("model.safetensors"), bundled.resolve("model.safetensors"));
    }

    private static void refused(Object... arguments) {
        CommandRun run = Assertions.assertTimeoutPreemptively(HANGS, () -> CommandRun.of(arguments));
        assertThat(run.err())
                .startsWith("mxforge: ")
                .contains("not a regular file")
                .doesNotContain("\tat ");
        assertThat(run.code()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"config.json", "generation_config.json", "tokenizer.json", "model.safetensors"})
    void inAModelFolder(String name) throws IOException {
        Files.deleteIfExists(model.resolve(name));
        Files.createSymbolicLink(model.resolve(name), ENDLESS);
        refused("generate", "--model", model, "--prompt", "x", "--device", "cpu");
    }

    @Test
    void asAFileThatIsCopiedAlong() throws IOException {
        Files.createSymbolicLink(model.resolve("special_tokens_map.json"), ENDLESS);
        Path out = folder.resolve("out");
        refused("quantize", "--model", model, "--recipe", "mxfp4", "--out", out, "--device", "cpu");
        assertThat(out).doesNotExist();
    }

    @Test
    void asIndexOrShard() throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        Path index = model.resolve("model.safetensors.index.json");
        Files.createSymbolicLink(index, ENDLESS);
        refused("generate", "--model", model, "--prompt", "x", "--device", "cpu");
        Files.delete(index);
        Files.writeString(index, "{\"weight_map\":{\"w\":\"a.safetensors\"}}");
        Files.createSymbolicLink(model.resolve("a.safetensors"), ENDLESS);
        refused("generate", "--model", model, "--prompt", "x", "--device", "cpu");
    }

    @Test
    void asAFileThatAnOptionNames() {
        Path out = folder.resolve("out");
        refused("eval", "ppl", "--model", model, "--text", ENDLESS, "--device", "cpu");
        refused("logits", "--model", model, "--ids", ENDLESS, "--out", out, "--device", "cpu");
        refused("quantize", "--model", model, "--recipe", "micromix", "--calibration", ENDLESS, "--out", out);
        refused("calibrate", "--model", model, "--text", ENDLESS, "--out", out, "--device", "cpu");
        refused("wisdom", "merge", ENDLESS);
        refused("wisdom", "verify", ENDLESS);
        assertThat(out).doesNotExist();
    }
}
