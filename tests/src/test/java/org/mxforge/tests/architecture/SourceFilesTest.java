package org.mxforge.tests.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files stay small enough to read, and the top level stays as it was agreed. */
class SourceFilesTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final int LONGEST = 500;
    private static final int LONGEST_MEDIAN = 150;

    @Test
    void noHandWrittenFileIsLong() throws IOException {
        List<Path> files = javaFiles();
        assertThat(files).isNotEmpty();
        for (Path file : files) {
            assertThat(lines(file)).as("lines of %s", ROOT.relativize(file)).isLessThanOrEqualTo(LONGEST);
        }
        long[] lengths =
                files.stream().mapToLong(SourceFilesTest::lines).sorted().toArray();
        assertThat(lengths[lengths.length / 2]).as("median lines").isLessThanOrEqualTo(LONGEST_MEDIAN);
    }

    @Test
    void topLevelHoldsTheSixModulesAlone() throws IOException {
        try (Stream<Path> entries = Files.list(ROOT)) {
            assertThat(entries.map(p -> p.getFileName().toString())
                            .filter(name -> !name.startsWith(".") && !name.equals("target")))
                    .containsExactlyInAnyOrder(
                            "pom.xml",
                            "README.md",
                            "LICENSE",
                            "dsl",
                            "codegen",
                            "runtime",
                            "templates",
                            "generated",
                            "tests");
        }
    }

    private static List<Path> javaFiles() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.filter(p -> p.toString().endsWith(".java"))
                    .filter(p -> ROOT.relativize(p).toString().matches("(dsl|codegen|runtime|tests)/src/.*"))
                    .toList();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
