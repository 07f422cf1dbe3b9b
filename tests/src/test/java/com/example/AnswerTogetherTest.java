package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;

/** The second program of README's "Use it as a library". */
class AnswerTogetherTest {
    @TempDir
    Path folder;

    @Test
    void answersEveryPrompt() throws IOException {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            String model = BundledModel.checkpoint(folder).toString();
            AnswerTogether.main(new String[] {model, "The history of", "A kernel is", "When"});
        } finally {
            System.setOut(out);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("The history of ", "A kernel is ", "When");
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        String program = Files.readString(Path.of("src/test/java/com/example/AnswerTogether.java"));
        assertThat(Files.readString(Path.of("../README.md"))).contains(program.substring(program.indexOf("/**")));
    }
}
