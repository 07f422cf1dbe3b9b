package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;

/** The program of README's "Use it as a library" is twenty lines, and runs. */
class QuantizeAndScoreTest {
    private static final Path SOURCE = Path.of("src/test/java/com/example/QuantizeAndScore.java");

    @TempDir
    Path folder;

    @Test
    void runsOnACheckpoint() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), BundledModel.evaluationText());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            QuantizeAndScore.main(new String[] {BundledModel.checkpoint(folder).toString(), text.toString()});
        } finally {
            System.setOut(out);
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines.get(0)).isNotBlank();
        assertThat(lines.get(lines.size() - 1)).matches("perplexity 5[0-9]\\.\\d\\d");
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        List<String> program = Files.readAllLines(SOURCE).stream()
                .dropWhile(line -> !line.startsWith("import"))
                .toList();
        assertThat(program).hasSizeLessThanOrEqualTo(20);
        assertThat(Files.readString(Path.of("../README.md"))).contains(String.join("\n", program));
    }
}
