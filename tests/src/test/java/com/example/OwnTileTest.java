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

/** The program of README's "Tiles of your own" is short, compiles kernels for GPUs, and its kernels for the CPU are right. */
class OwnTileTest {
    private static final Path SOURCE = Path.of("src/test/java/com/example/OwnTiles.java");

    @Test
    void compilesAndRaces() {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream out = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            OwnTiles.main(new String[0]);
        } finally {
            System.setOut(out);
        }
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .filteredOn(line -> line.contains("|mma|sm_80|") && line.contains(" compiles"))
                .hasSize(3);
        assertThat(lines)
                .filteredOn(line -> line.contains("|mma|sm_90a|") && line.contains(" compiles"))
                .hasSize(3);
        assertThat(lines)
                .filteredOn(line -> line.contains("|panels|cpu|") && line.endsWith(" is correct"))
                .hasSize(2);
    }

    @Test
    void isWhatTheReadmeShows() throws IOException {
        List<String> program = Files.readAllLines(SOURCE).stream()
                .dropWhile(line -> !line.startsWith("/**"))
                .toList();
        assertThat(program).hasSizeLessThan(40);
        assertThat(Files.readString(Path.of("../README.md"))).contains(String.join("\n", program));
    }
}
