package org.mxforge.codegen.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Template groups are files that can be read at a sitting, and each is well-formed by itself. */
class TemplateFilesTest {
    private static final Path ROOT =
            Path.of("..", "templates", "src", "main", "resources", "org", "mxforge", "templates");

    private static final int MOST_LINES = 250;

    static List<String> groups() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT)) {
            return files.map(file -> ROOT.relativize(file).toString())
                    .filter(file -> file.endsWith(".stg"))
                    .map(file -> file.substring(0, file.length() - ".stg".length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void aGroupLoadsAndIsShort(String group) throws IOException {
        assertThat(TemplateGroup.of(group)).isNotNull();
        assertThat(Files.readAllLines(ROOT.resolve(group + ".stg"))).hasSizeLessThanOrEqualTo(MOST_LINES);
    }
}
