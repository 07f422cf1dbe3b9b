package org.mxforge.tests.gpu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Runs a part of the GPU tests, for machines that are lent for minutes: {@code -Dgpu.shard=2/4} is the second of four parts that take about as long
 * as each other. Classes go to parts by the seconds that {@code gpu-seconds.txt} has of them, the longest first, always the same way.
 */
public final class GpuShard implements ExecutionCondition {
    static final String PROPERTY = "gpu.shard";

    private static final Pattern TEXT = Pattern.compile("([1-9]\\d{0,2})/([1-9]\\d{0,2})");

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String wanted = System.getProperty(PROPERTY);
        if (wanted == null
                || !context.getTags().contains("gpu")
                || context.getTestClass().isEmpty()) {
            return ConditionEvaluationResult.enabled("no part of the GPU tests is asked for");
        }
        String name = context.getRequiredTestClass().getName();
        return shard(wanted).contains(name)
                ? ConditionEvaluationResult.enabled("in part " + wanted + " of the GPU tests")
                : ConditionEvaluationResult.disabled("in another part of the GPU tests than " + wanted);
    }

    /** The classes of a part such as {@code 2/4}. */
    static List<String> shard(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) > Integer.parseInt(matcher.group(2))) {
            throw new IllegalArgumentException(
                    "-D" + PROPERTY + "=" + text + " names no part of the GPU tests: write 2/4 for the second of four");
        }
        int part = Integer.parseInt(matcher.group(1)) - 1;
        int[] loads = new int[Integer.parseInt(matcher.group(2))];
        Map<String, Integer> places = new HashMap<>();
        seconds().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(test -> {
                    int least = 0;
                    for (int i = 1; i < loads.length; i++) {
                        least = loads[i] < loads[least] ? i : least;
                    }
                    loads[least] += test.getValue();
                    places.put(test.getKey(), least);
                });
        return places.keySet().stream()
                .filter(test -> places.get(test) == part)
                .sorted()
                .toList();
    }

    /** What each class took on an H200, alone, with nothing compiled before. */
    static Map<String, Integer> seconds() {
        try (InputStream in = GpuShard.class.getResourceAsStream("/gpu-seconds.txt")) {
            Map<String, Integer> seconds = new TreeMap<>();
            new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> Arrays.asList(line.split(" ")))
                    .forEach(words -> seconds.put(words.get(0), Integer.valueOf(words.get(1))));
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
