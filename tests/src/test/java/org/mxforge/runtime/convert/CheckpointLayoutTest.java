package org.mxforge.runtime.convert;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.model.Checkpoint;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.quant.CalibrationReport;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.PackedPartition;
import org.mxforge.runtime.quant.Recipe;

/** What the page of layouts says of a checkpoint with mixed channels, read as a stranger would. */
class CheckpointLayoutTest {
    private static final Recipe RECIPE = Recipe.parse("micromix;shares=50:25:25;granularity=32");

    @Test
    void aMixedCheckpointIsAsThePageSays(@TempDir Path work) throws IOException {
        Checkpoint plain = Checkpoint.open(Fixtures.folder("fx-llama"));
        CalibrationReport orders = CalibrationReport.shuffled(
                plain.config().linearSites(), RECIPE.partitioning().orElseThrow(), 3);
        QuantizationPlan plan = new QuantizationPlan(RECIPE, plain, Optional.of(orders));
        new CheckpointQuantizer(plan).write(work.resolve("out"), elements -> {});

        JsonNode config = new ObjectMapper()
                .readTree(work.resolve("out/config.json").toFile())
                .get("quantization_config");
        assertThat(config.get("quant_method").textValue()).isEqualTo("mxforge");
        assertThat(config.get("recipe").textValue()).isEqualTo(RECIPE.text());
        assertThat(config.get("scale_rule").textValue()).isEqualTo("ceil");

        TensorStore file = TensorStore.open(work.resolve("out"));
        Map<String, String> texts = file.metadata();
        assertThat(texts).containsEntry("mxforge.version", "1").containsEntry("mxforge.recipe", RECIPE.text());
        plan.sites().forEach((site, input) -> site.layers().forEach(layer -> {
            String name = texts.get("mxforge.site." + layer.name());
            assertThat(name).isEqualTo(site.name());
            assertThat(file.ints(name + ".order")).isEqualTo(input.order());
            assertSplit(texts.get("mxforge.split." + name), input);
            int i = 0;
            for (PackedPartition part : plan.quantize(layer).matrix().partitions()) {
                String tensor = layer.name() + ".weight.part" + i++;
                file.require(
                        tensor + ".codes",
                        layer.outputs(),
                        part.channels() * (long) part.format().bits() / 8);
                file.require(tensor + ".scales", layer.outputs(), part.channels() / 32);
                assertThat(file.bytes(tensor + ".codes").all()).isEqualTo(part.codes());
                assertThat(file.bytes(tensor + ".scales").all()).isEqualTo(part.scales());
            }
        }));
        assertThat(Files.readString(Path.of("../.github/LAYOUTS.md")))
                .contains("<layer>.weight.part<i>.codes", "<layer>.weight.part<i>.scales", "<site>.order");
    }

    private static void assertSplit(String text, InputQuantization input) {
        String[] parts = text.substring(0, text.indexOf('/')).split("\\+");
        assertThat(parts).hasSize(input.split().partitions().size());
        for (int i = 0; i < parts.length; i++) {
            assertThat(parts[i]).matches("e\\dm\\dxe\\dm\\d:\\d+");
            assertThat(Integer.parseInt(parts[i].substring(parts[i].indexOf(':') + 1)))
                    .isEqualTo(input.split().partitions().get(i).channels());
        }
    }
}
