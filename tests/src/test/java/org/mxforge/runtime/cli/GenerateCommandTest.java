package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;

class GenerateCommandTest {
    @TempDir
    private Path folder;

    private CommandRun run(int tokens, String... more) {
        Object[] command = {
            "generate",
            "--model",
            BundledModel.checkpoint(folder),
            "--prompt",
            "The history of",
            "--tokens",
            tokens,
            "--device",
            "cpu",
            "--tune",
            "off"
        };
        return CommandRun.of(Stream.concat(Stream.of(command), Stream.of(more)).toArray());
    }

    @Test
    void ratesAreToldApartFromTheText() {
        CommandRun run = run(3);
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("The history of").doesNotContain("tokens/s");
        assertThat(run.err().lines()).hasSize(2);
        assertThat(run.err())
                .containsPattern("^\\d+ tokens of prompt at [\\d.]+ tokens/s, the first token after [\\d.]+ ms,"
                        + " writing at [\\d.]+ tokens/s, on CPU");
        assertThat(run(1).err()).contains("the first token after").doesNotContain("writing");
    }

    @Test
    void writesOnFromAQuantizedCache() {
        for (String format : new String[] {"bf16", "mxfp8", "mxfp4", "int8", "int4"}) {
            JsonNode document = run(3, "--kv-cache", format, "--json").json();
            assertThat(document.get("ids")).hasSize(3);
            assertThat(document.get("kv_cache").textValue()).isEqualTo(format);
        }
    }

    @Test
    void ratesAsData() {
        JsonNode document = run(3, "--json").json();
        assertThat(document.get("ids")).hasSize(3);
        int prompt = document.get("prompt_tokens").intValue();
        double first = document.get("time_to_first_token_ms").doubleValue();
        assertThat(prompt).isPositive();
        assertThat(document.get("prompt_tokens_per_second").doubleValue())
                .isCloseTo(prompt / first * 1e3, Offset.offset(1e-6));
        assertThat(document.get("writing_tokens_per_second").doubleValue()).isPositive();
        assertThat(document.get("device").textValue()).startsWith("CPU");
        assertThat(run(1, "--json").json().get("writing_tokens_per_second").isNull())
                .isTrue();
    }

    /** The command line's own language has no power over a prompt. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "@alice",
                "@@x",
                "@",
                "${sys:user.home}",
                "\"quoted\"",
                "-5 degrees",
                "--tokens",
                "-h",
                "--",
                "a,b",
                "caf\u00e9"
            })
    void aPromptIsText(String prompt) {
        CommandRun run = CommandRun.of(
                "generate",
                "--model",
                BundledModel.checkpoint(folder),
                "--prompt",
                prompt,
                "--tokens",
                "1",
                "--device",
                "cpu",
                "--tune",
                "off",
                "--json");
        assertThat(run.err()).isEmpty();
        assertThat(run.json().get("prompt").textValue()).isEqualTo(prompt);
    }

    /** Told on standard error, so that the text stays clean. */
    @Test
    void aTextThatIsCutOffSaysSo() {
        CommandRun run = run(3);
        assertThat(run.err()).contains("\nthe text was cut off after 3 tokens: more --tokens let it go on");
        assertThat(run.out()).startsWith("The history").doesNotContain("cut off");
        CommandRun json = run(3, "--json");
        assertThat(json.err()).isEmpty();
        assertThat(json.json().get("end").textValue()).isEqualTo("length");
    }

    private CommandRun several(Object... more) {
        Object[] command = {
            "generate", "--model", BundledModel.checkpoint(folder), "--tokens", 5, "--device", "cpu", "--tune", "off"
        };
        return CommandRun.of(Stream.concat(Stream.of(command), Stream.of(more)).toArray());
    }

    @Test
    void severalPromptsAreToldInTheirOrder() throws IOException {
        Path file = Files.writeString(folder.resolve("prompts.txt"), "A kernel is\n\n  \nWhen the\n");
        JsonNode document = several("--prompt", "The history of", "--prompt", "--seed", "--prompts", file, "--json")
                .json();
        assertThat(document.get("texts").findValuesAsText("prompt"))
                .containsExactly("The history of", "--seed", "A kernel is", "When the");
        assertThat(document.get("recipe").textValue()).isEqualTo("bf16");
        for (JsonNode text : document.get("texts")) {
            assertThat(text.get("ids")).hasSize(5);
            assertThat(text.get("end").textValue()).isEqualTo("length");
        }
        CommandRun run = several("--prompts", file);
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("A kernel is").contains("\n\nWhen the");
        assertThat(run.err())
                .isEqualTo("2 of 2 texts were cut off after 5 tokens, or because the model's context was full"
                        + System.lineSeparator());
    }

    @Test
    void aTextMayBeStopped() {
        String text = several("--prompt", "The", "--json").json().get("text").textValue();
        String stop = text.substring(2, 4);
        JsonNode stopped = several("--prompt", "The", "--stop", "--never", "--stop", stop, "--json")
                .json();
        assertThat(stopped.get("text").textValue()).isEqualTo(text.substring(0, text.indexOf(stop)));
        assertThat(stopped.get("end").textValue()).isEqualTo("stop");
    }

    @Test
    void promptsThatAreMissingAreAskedFor() throws IOException {
        Path empty = Files.writeString(folder.resolve("empty.txt"), "\n\n");
        assertThat(several("--prompts", empty).err()).contains("has no line with a text to continue");
        CommandRun none = several();
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.err()).contains("Missing required option: '--prompt=TEXT'");
    }
}
