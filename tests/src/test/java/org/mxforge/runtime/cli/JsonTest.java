package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.quant.TinyCheckpoint;
import picocli.CommandLine;

/** With {@code --json} there is exactly one document on standard output, whatever becomes of the command. */
class JsonTest {
    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void makeModel() {
        model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
    }

    /** Names of all commands that do something themselves. */
    static Stream<String> commands() {
        return leaves(MxForge.commandLine(), "");
    }

    private static Stream<String> leaves(CommandLine command, String name) {
        if (command.getSubcommands().isEmpty()) {
            return name.equals("help") ? Stream.empty() : Stream.of(name);
        }
        return command.getSubcommands().entrySet().stream()
                .flatMap(entry -> leaves(entry.getValue(), (name + " " + entry.getKey()).strip()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aWrongCommandLine(String command) {
        CommandRun run = CommandRun.of((Object[]) (command + " --json --nonsense").split(" "));
        assertThat(run.code()).isEqualTo(2);
        JsonNode error = run.json().get("error");
        assertThat(error.get("exit_code").intValue()).isEqualTo(2);
        assertThat(run.err()).startsWith("mxforge: " + error.get("message").textValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense --json", "--json", "wisdom --json"})
    void noCommand(String words) {
        CommandRun run = CommandRun.of((Object[]) words.split(" "));
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.json().at("/error/exit_code").intValue()).isEqualTo(2);
    }

    @Test
    void aMissingModel() {
        CommandRun run = CommandRun.of("generate", "--model", folder.resolve("none"), "--prompt", "x", "--json");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json().at("/error/message").textValue()).contains("none");
    }

    @Test
    void logits() {
        Path ids = folder.resolve("ids.safetensors");
        new SafetensorsWriter()
                .add("input_ids", TensorType.I32, SafetensorsWriter.Payload.of(new int[] {3, 1, 4, 1, 5, 9}), 2, 3)
                .write(ids);
        Path out = folder.resolve("out.safetensors");
        CommandRun run = CommandRun.of(
                "logits", "--model", model, "--ids", ids, "--out", out, "--device", "cpu", "--tune", "off", "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.code()).isZero();
        JsonNode document = run.json();
        assertThat(document.get("file").textValue()).isEqualTo(out.toString());
        assertThat(document.get("batch").intValue()).isEqualTo(2);
        assertThat(document.get("length").intValue()).isEqualTo(3);
        assertThat(document.get("vocabulary").intValue()).isEqualTo(50);
        assertThat(out).exists();
    }
}
