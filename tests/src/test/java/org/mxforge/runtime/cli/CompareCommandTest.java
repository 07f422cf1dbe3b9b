package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.BundledModel;

class CompareCommandTest {
    @TempDir
    private Path folder;

    private CommandRun compare(Path model, Object... more) {
        List<Object> words = new ArrayList<>(List.of("compare", "--model", model, "--device", "cpu", "--tune", "off"));
        words.addAll(List.of("--windows", "1", "--tokens", "2"));
        words.addAll(List.of(more));
        return CommandRun.of(words.toArray());
    }

    @Test
    void recipesStandBesideThePlainModel() {
        Path model = BundledModel.checkpoint(folder);
        CommandRun run = compare(model, "--recipes", "mxfp4,e4m3xe2m1,mxfp4", "--json");
        assertThat(run.err()).isEmpty();
        JsonNode recipes = run.json().get("recipes");
        assertThat(recipes.findValuesAsText("recipe")).containsExactly("bf16", "mxfp4", "e4m3xe2m1");
        assertThat(recipes.findValues("bits_per_activation").stream().map(JsonNode::doubleValue))
                .containsExactly(16.0, 4.25, 8.25);
        // Orders of channels are stored with the weights of a site.
        assertThat(recipes.at("/1/bits_per_weight").doubleValue()).isEqualTo(4.25, within(0.1));
        assertThat(recipes.at("/1/perplexity").doubleValue())
                .isGreaterThan(recipes.at("/0/perplexity").doubleValue());
        assertThat(run.json().get("recommended").textValue()).isIn("mxfp4", "e4m3xe2m1");
        assertThat(compare(model, "--recipes", "mxfp8").out()).contains("WEIGHT", "ACT.", "16.00", "8.25", "mxfp8");
    }

    @Test
    void tablesFitATerminal() {
        Path model = BundledModel.checkpoint(folder);
        CommandRun run = CommandRun.of(
                "compare", "--model", model, "--device", "cpu", "--tune", "off", "--windows", 1, "--recipes", "mxfp4");
        List<String> tables =
                run.out().lines().filter(line -> !line.endsWith(".")).toList();
        assertThat(tables).hasSizeGreaterThan(8).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void whatCannotBeComparedIsRefused() {
        Path model = BundledModel.checkpoint(folder);
        assertThat(compare(model, "--recipes", "mxfp4,nonsense").err()).contains("'nonsense'");
        // 256 channels have no multiple of 96.
        assertThat(compare(model, "--recipes", "micromix;granularity=96").err()).contains("granularity");
        assertThat(compare(model, "--window", "4000").err()).contains("takes 1 to");
        Path quantized = folder.resolve("quantized");
        CommandRun.of("quantize", "--model", model, "--recipe", "mxfp4", "--out", quantized);
        assertThat(compare(quantized).err()).contains("is quantized already: compare recipes on the original");
    }
}
