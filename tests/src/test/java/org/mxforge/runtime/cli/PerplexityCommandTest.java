package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;

class PerplexityCommandTest {
    @TempDir
    Path folder;

    private JsonNode score(String text, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("text" + System.nanoTime()), text);
        String model = BundledModel.open().path().toString();
        Object[] words = {"eval", "ppl", "--model", model, "--text", file, "--device", "cpu", "--tune", "off", "--json"
        };
        Object[] all = java.util.Arrays.copyOf(words, words.length + more.length);
        System.arraycopy(more, 0, all, words.length, more.length);
        CommandRun run = CommandRun.of(all);
        assertThat(run.code()).as(run.err()).isZero();
        return run.json();
    }

    @Test
    void paperScoresAllWindowsOfJoinedRows() throws IOException {
        String rows = " = Title = \n \n"
                + BundledModel.evaluationText().lines().limit(12).reduce("", (a, b) -> a + b + "\n");
        String joined = " = Title = \n\n\n\n\n"
                + BundledModel.evaluationText().lines().limit(12).reduce("", (a, b) -> a + b + "\n\n\n");
        JsonNode paper = score(rows, "--paper", "--window", "32");
        assertThat(paper.get("windows").asInt()).isGreaterThan(3);
        assertThat(paper.get("bos").asBoolean()).isTrue();
        JsonNode plain = score(
                joined, "--window", "32", "--windows", paper.get("windows").asText());
        assertThat(paper.get("perplexity").asDouble())
                .isCloseTo(plain.get("perplexity").asDouble(), within(1e-9));
    }

    @Test
    void referenceIsComparedInTheSamePass() throws IOException {
        String text = BundledModel.evaluationText().substring(0, 4000);
        String plain = BundledModel.open().path().toString();
        JsonNode both = score(text, "--window", "64", "--windows", "3", "--recipe", "mxfp4", "--reference", plain);
        JsonNode reference = score(text, "--window", "64", "--windows", "3");
        assertThat(both.get("reference_perplexity").asDouble())
                .isCloseTo(reference.get("perplexity").asDouble(), within(1e-2));
        assertThat(both.get("kl_divergence").asDouble()).isBetween(0.001, 1.0);
        assertThat(both.get("same_top_1").asDouble()).isBetween(0.5, 1.0);
    }
}
