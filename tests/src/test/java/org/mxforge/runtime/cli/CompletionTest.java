package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What shells and {@code man} are told about the program. */
class CompletionTest {
    @TempDir
    private Path folder;

    /** As bash asks: the words so far, the last of which is begun. */
    @ParameterizedTest
    @CsvSource({
        "mxforge qu, quantize",
        "mxforge wisdom me, merge",
        "mxforge quantize --rec, --recipe",
        "mxforge generate --device c, cpu",
        "mxforge kernels list --target sm_9, sm_90a",
        "mxforge quantize --recipe mxfp6, mxfp6-e3m2 mxfp6-e2m3"
    })
    void wordsAreCompleted(String words, String completed) throws IOException, InterruptedException {
        Path script = folder.resolve("completion");
        Files.writeString(script, CommandRun.of("completion").out());
        String ask = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1));"
                + " _complete_mxforge 2> /dev/null; echo \"${COMPREPLY[*]}\"";
        List<String> command = Stream.concat(
                        Stream.of("bash", "-c", ask, "bash", script.toString()), Stream.of(words.split(" ")))
                .toList();
        Process bash = new ProcessBuilder(command).start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        assertThat(said.strip().split("\\s+")).containsExactly(completed.split(" "));
    }

    @Test
    void everyCommandHasAPage() throws IOException {
        assertThat(CommandRun.of("manual", folder).code()).isZero();
        List<String> pages;
        try (Stream<Path> files = Files.list(folder.resolve("man1"))) {
            pages = files.map(file -> file.getFileName().toString()).toList();
        }
        assertThat(pages).contains("mxforge.1", "mxforge-eval-ppl.1").doesNotContain("mxforge-manual.1");
        assertThat(JsonTest.commands().filter(name -> !name.equals("manual")))
                .allSatisfy(name -> assertThat(pages).contains("mxforge-" + name.replace(' ', '-') + ".1"));
        // What begins with a full stop or an apostrophe would be taken for a request.
        String requests = "\\.(TH|SH|TP|PP|nf|fi|nh|hy|ad)\\b.*";
        for (String page : pages) {
            assertThat(Files.readAllLines(folder.resolve("man1").resolve(page)))
                    .filteredOn(line -> line.startsWith(".") || line.startsWith("'"))
                    .allMatch(line -> line.matches(requests));
        }
        assertThat(folder.resolve("man1/mxforge-quantize.1"))
                .content()
                .contains("\\fB\\-\\-recipe\\fR=\\fIRECIPE\\fR\nmxfp8, mxfp6\\-e2m3", "mxforge quantize \\-\\-model")
                .as("the synopsis is broken where the terminal ends")
                .containsPattern("(?m)^mxforge quantize .*threads=N");
    }
}
