package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.runtime.BundledModel;

class GenerateCommandTest {
    @TempDir
    private Path folder;

    /** The command line's own language has no power over a prompt. */
    @ParameterizedTest
    @ValueSource(strings = {"@alice", "@@x", "@", "${sys:user.home}", "\"quoted\"", "-5 degrees", "a,b", "caf\u00e9"})
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
}
