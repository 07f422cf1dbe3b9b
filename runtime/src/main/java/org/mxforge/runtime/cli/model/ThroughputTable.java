package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.mxforge.runtime.Throughput;
import org.mxforge.runtime.Throughput.Samples;
import org.mxforge.runtime.base.ByteSize;
import org.mxforge.runtime.cli.console.Table;

/** How fast a model is under several recipes, against {@code bf16} where that is one of them. */
final class ThroughputTable {
    private static final String BASELINE = "bf16";

    /** With it a line has 80 columns at most, as long as its numbers are shorter than their heads. */
    private static final int LONGEST_NAME = 20;

    private final Map<String, Throughput> results = new LinkedHashMap<>();

    void add(String recipe, Throughput result) {
        results.put(recipe, result);
    }

    /** By recipe, in the order they came. */
    Map<String, Throughput> results() {
        return Collections.unmodifiableMap(results);
    }

    private Optional<Throughput> baseline() {
        return Optional.ofNullable(results.get(BASELINE));
    }

    private OptionalDouble prefillRatio(Throughput result) {
        return baseline()
                .map(base -> OptionalDouble.of(result.prefillTokensPerSecond() / base.prefillTokensPerSecond()))
                .orElse(OptionalDouble.empty());
    }

    private OptionalDouble decodeRatio(Throughput result) {
        return baseline()
                .map(base -> OptionalDouble.of(result.decodeTokensPerSecond() / base.decodeTokensPerSecond()))
                .orElse(OptionalDouble.empty());
    }

    /** Two lines for each recipe: reading the prompts, and a step of writing. */
    Table table() {
        Table table = new Table("RECIPE", "WORK", "MS", "+-95%", "TOKENS/S", "X BF16", "PEAK");
        results.forEach((recipe, result) -> {
            String memory = result.memory().stream()
                    .mapToObj(ByteSize::text)
                    .findFirst()
                    .orElse("-");
            table.row(cells(
                    recipe,
                    "prefill",
                    result.prefill(),
                    result.prefillTokensPerSecond(),
                    prefillRatio(result),
                    memory));
            table.row(
                    cells(recipe, "step", result.step(), result.decodeTokensPerSecond(), decodeRatio(result), memory));
        });
        return table;
    }

    private static String[] cells(
            String recipe, String work, Samples samples, double rate, OptionalDouble ratio, String memory) {
        return new String[] {
            shortened(recipe),
            work,
            decimals(OptionalDouble.of(samples.mean()), 3),
            decimals(samples.interval(), 3),
            decimals(OptionalDouble.of(rate), 1),
            decimals(ratio, 2),
            memory
        };
    }

    static String shortened(String recipe) {
        return recipe.length() <= LONGEST_NAME ? recipe : recipe.substring(0, LONGEST_NAME - 3) + "...";
    }

    private static String decimals(OptionalDouble number, int decimals) {
        return number.isEmpty() ? "-" : String.format(Locale.ROOT, "%." + decimals + "f", number.getAsDouble());
    }

    /** The same as data, an object for each recipe, with what {@code peers} needed. */
    ArrayNode json(ModelPeers peers) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        results.forEach((recipe, result) -> {
            ObjectNode node = array.addObject().put("recipe", recipe);
            put(node.putObject("prefill"), result.prefill(), result.prefillTokensPerSecond(), prefillRatio(result));
            put(node.putObject("step"), result.step(), result.decodeTokensPerSecond(), decodeRatio(result));
            KernelTimes.put(node, result);
            peers.put(node, result);
            OptionalLong memory = result.memory();
            node.put("peak_memory_bytes", memory.isPresent() ? (Long) memory.getAsLong() : null);
        });
        return array;
    }

    private static void put(ObjectNode node, Samples samples, double rate, OptionalDouble ratio) {
        node.put("mean_ms", samples.mean())
                .put("interval95_ms", boxed(samples.interval()))
                .put("tokens_per_second", rate)
                .put("ratio_to_bf16", boxed(ratio));
        ArrayNode all = node.putArray("samples_ms");
        samples.millis().forEach(all::add);
    }

    private static Double boxed(OptionalDouble number) {
        return number.isEmpty() ? null : (Double) number.getAsDouble();
    }
}
