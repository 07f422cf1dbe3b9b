package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.model.Fixtures;

class BenchModelCommandTest {
    @TempDir
    private Path folder;

    private static CommandRun run(Object model, Object... more) {
        Stream<Object> command = Stream.of("bench", "e2e", "--model", model, "--device", "cpu", "--tune", "off");
        return CommandRun.of(Stream.concat(command, Stream.of(more)).toArray());
    }

    private static Object[] small(Object... more) {
        Stream<Object> sizes = Stream.of(
                "--batch", 3, "--prefill", 4, "--decode", 2, "--warm-up", 0, "--repeats", 2, "--recipe", "mxfp8,bf16");
        return Stream.concat(sizes, Stream.of(more)).toArray();
    }

    @Test
    void everyRecipeIsTimed() {
        JsonNode document = run(Fixtures.folder("fx-llama"), small("--json")).json();
        assertThat(document.get("random_weights").booleanValue()).isFalse();
        assertThat(document.get("device").textValue()).startsWith("CPU");
        assertThat(document.get("batch").intValue()).isEqualTo(3);
        assertThat(document.get("prefill").intValue()).isEqualTo(4);
        assertThat(document.get("decode").intValue()).isEqualTo(2);
        assertThat(document.get("recipes").findValuesAsText("recipe")).containsExactly("mxfp8", "bf16");
        for (JsonNode recipe : document.get("recipes")) {
            assertThat(recipe.get("peak_memory_bytes").isNull()).isTrue();
            for (String part : List.of("prefill", "step")) {
                JsonNode timed = recipe.get(part);
                double mean = timed.get("mean_ms").doubleValue();
                double tokens = part.equals("prefill") ? 12 : 3;
                assertThat(timed.get("samples_ms")).hasSize(2);
                assertThat(timed.get("interval95_ms").isNumber()).isTrue();
                assertThat(timed.get("tokens_per_second").doubleValue() * mean / 1e3)
                        .isBetween(tokens * 0.999, tokens * 1.001);
                assertThat(timed.get("ratio_to_bf16").doubleValue()).isPositive();
            }
        }
    }

    /** The format of Chrome's tracing, as Perfetto reads it. */
    @Test
    void aTraceHasEveryKernelInOrder() throws IOException {
        Path file = folder.resolve("trace.json");
        JsonNode document = run(Fixtures.folder("fx-llama"), small("--trace", file, "--json"))
                .json();
        for (JsonNode recipe : document.get("recipes")) {
            for (String part : List.of("prefill", "step")) {
                JsonNode shares = recipe.get(part).get("traced_ms");
                assertThat(shares.get("gemm").doubleValue()).isPositive();
                assertThat(shares.get("quantizer").doubleValue() > 0)
                        .isEqualTo(recipe.get("recipe").textValue().equals("mxfp8"));
                double sum = Stream.of("gemm", "quantizer", "attention", "other", "idle")
                        .mapToDouble(role -> shares.get(role).doubleValue())
                        .sum();
                assertThat(sum).isCloseTo(shares.get("all").doubleValue(), within(1e-6));
                assertThat(recipe.get(part).get("kernels").findValuesAsText("kernel"))
                        .contains("linear", "input", "attention");
            }
        }
        JsonNode events = new ObjectMapper().readTree(file.toFile()).get("traceEvents");
        Map<String, Double> last = new HashMap<>();
        Set<String> places = new HashSet<>();
        for (JsonNode event : events) {
            if (event.get("ph").textValue().equals("X")) {
                double start = event.get("ts").doubleValue();
                assertThat(event.get("dur").doubleValue()).isNotNegative();
                assertThat(start)
                        .isGreaterThanOrEqualTo(last.getOrDefault(event.get("pid") + "/" + event.get("tid"), 0.0));
                last.put(event.get("pid") + "/" + event.get("tid"), start);
                places.add(event.at("/args/place").textValue());
            }
        }
        assertThat(places).contains("attention of layer 0", "feed-forward block of layer 1", "output head");
        assertThat(last).containsOnlyKeys("1/1", "2/1");
    }

    @Test
    void peersOfTheSameWorkAreCompared() throws IOException {
        Path file = Files.writeString(
                folder.resolve("peers.txt"),
                """
                hf_prefill,batch=3,seq=4,ms=2000000.0,peak_GiB=15.19
                hf_prefill,batch=8,seq=4,ms=1.0,peak_GiB=15.19

                hf_decode,batch=3,context=4,ms_per_step=0.001
                """);
        Object model = Fixtures.folder("fx-llama");
        JsonNode recipe =
                run(model, small("--with-peers", file, "--json")).json().at("/recipes/0");
        assertThat(recipe.at("/prefill/peers/hf/ms").doubleValue()).isEqualTo(2e6);
        assertThat(recipe.at("/prefill/peers/hf/ratio").doubleValue()).isGreaterThan(1);
        assertThat(recipe.at("/step/peers/hf/ratio").doubleValue()).isLessThan(1);
        assertThat(run(model, small("--with-peers", file)).out()).contains("PEER MS", "2000000.000");
        Files.writeString(file, "hf_prefill,batch=3,seq=4,ms=fast");
        refused("line 1 of " + file + " is not of the form hf_prefill", model, "--with-peers", file);
    }

    @Test
    void theTableNamesModelAndDevice() {
        CommandRun run = run(Fixtures.folder("fx-qwen2"), small());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("on CPU", "3 x 4 tokens of prefill", "X BF16", "QUANTIZE", "LAUNCHES");
    }

    private static void refused(String sentence, Object model, Object... more) {
        CommandRun run = run(model, more);
        assertThat(run.code()).as(run.err()).isEqualTo(1);
        assertThat(run.err()).startsWith("mxforge: ").contains(sentence).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void whatCannotBeTimedIsRefusedBeforeItIsLoaded() {
        Object model = Fixtures.folder("fx-llama");
        refused("the number of sequences in a batch is 0", model, "--batch", 0);
        refused("the number of prefill tokens is -1", model, "--prefill", -1);
        refused("the number of decode steps is 0", model, "--decode", 0);
        refused("need a context of", model, "--prefill", 1 << 20);
        refused("cannot read the recipe 'fp5'", model, "--recipe", "bf16,fp5");
        refused("exists: choose a new one", model, "--trace", model);
        refused("--layers is for models that are made", model, "--layers", 1);
    }

    /** Its layers would run packed under the name of another recipe. */
    @Test
    void aQuantizedCheckpointRunsAsItIsAlone() {
        Path packed = folder.resolve("packed");
        CommandRun.of("quantize", "--model", Fixtures.folder("fx-llama"), "--recipe", "mxfp4", "--out", packed);
        refused(
                "is quantized already, with recipe mxfp4: for bf16 start from the original",
                packed,
                "--prefill",
                2,
                "--recipe",
                "bf16");
        refused("with recipe mxfp4 and not mxfp8", packed, "--prefill", 2, "--recipe", "mxfp8");
        CommandRun run = run(packed, "--prefill", 2, "--decode", 1, "--warm-up", 0, "--repeats", 1, "--json");
        assertThat(run.json().get("recipes").findValuesAsText("recipe")).containsExactly("mxfp4");
    }

    @Test
    void shapesThatCannotBeMadeAreRefused() {
        refused("no folder llama-3-8b and no shape of that name: give a folder", "llama-3-8b");
        refused("llama-2-7b, llama-3.1-8b", "llama-3-8b");
        refused("the number of layers is 33: give 1 to 32", "llama-2-7b", "--layers", 33);
        refused("need a context of 5032, but the model takes 4096", "llama-2-7b", "--prefill", 5000);
        refused("the recipe micromix cuts channels by what it measures on text", "llama-2-7b", "--recipe", "micromix");
    }
}
