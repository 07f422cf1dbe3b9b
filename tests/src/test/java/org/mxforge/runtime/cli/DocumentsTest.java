package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README and its pages tell people to type is understood, and what they point to is there. */
class DocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern COMMAND = Pattern.compile("(?m)^ *mxforge ((?:.*\\\\\\n)*.*)$");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern WORD = Pattern.compile("'([^']*)'|(\\S+)");

    private static final Pattern PROGRAM = Pattern.compile("```java\\n(.*?class (\\w+).*?)```", Pattern.DOTALL);

    static Stream<Path> documents() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Files.list(ROOT.resolve(".github"))) {
            pages = files.filter(file -> file.toString().endsWith(".md")).toList();
        }
        return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.stream());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void commandsAreUnderstood(Path document) throws IOException {
        Matcher commands = COMMAND.matcher(Files.readString(document));
        while (commands.find()) {
            List<String> words = new ArrayList<>();
            Matcher word = WORD.matcher(commands.group(1).replace("\\\n", " "));
            while (word.find()) {
                words.add(word.group(1) == null ? word.group(2) : word.group(1));
            }
            assertThatCode(() -> MxForge.commandLine().parseArgs(words.toArray(String[]::new)))
                    .as("mxforge %s", words)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadSomewhere(Path document) throws IOException {
        Matcher links = LINK.matcher(Files.readString(document));
        while (links.find()) {
            Path target = links.group(1).isEmpty() ? document : document.resolveSibling(links.group(1));
            assertThat(target).exists();
            if (links.group(2) != null) {
                assertThat(anchors(target)).as("%s", target).contains(links.group(2));
            }
        }
    }

    /** The names of a page's headings in links: words in small letters with hyphens between. */
    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
                .map(heading -> heading.replaceAll("[^\\w\\- ]", "").replace(' ', '-'))
                .toList();
    }

    /** README's programs are classes that tests run, the one that verifies a kernel in a project outside the tree as well. */
    @Test
    void programsAreThoseThatRun() throws IOException {
        List<MatchResult> programs = PROGRAM.matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .toList();
        assertThat(programs).hasSize(4);
        for (MatchResult program : programs) {
            try (Stream<Path> files = Files.walk(Path.of("src/test/java/com/example"))) {
                assertThat(files.filter(file -> file.endsWith(program.group(2) + ".java")))
                        .singleElement()
                        .satisfies(file -> assertThat(Files.readString(file)).contains(program.group(1)));
            }
        }
    }
}
