package org.mxforge.runtime.task;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** What is reported of a task, from a number for each item, of which more is better; keys are lm-evaluation-harness's. */
public enum Metric {
    /** Whether the likeliest choice is right, or each token of the one continuation the likeliest. */
    ACC("acc", "none"),
    /** The same by log likelihood over characters. */
    ACC_NORM("acc_norm", "none"),
    /** {@code exp} of the mean negative log likelihood, of items and not of tokens; an item's number is its log likelihood. */
    PERPLEXITY("perplexity", "none") {
        @Override
        Estimate estimate(List<double[]> groups) {
            Estimate mean = Metric.mean(groups);
            double perplexity = Math.exp(-mean.value());
            // To first order; the harness draws samples instead, at random.
            return new Estimate(perplexity, perplexity * mean.error());
        }
    },

    /** Whether a program does what it shall. */
    PASS("pass@1", "create_test"),
    /** Whether it does so for the inputs of the original benchmark. */
    PASS_BASE("pass@1", "base"),
    /** Whether it does so for these and EvalPlus's. */
    PASS_PLUS("pass@1", "plus"),
    /** Whether an answer is the right one. */
    EXACT_MATCH("exact_match", "none"),
    /** Whether the number is right that stands where it is asked for. */
    STRICT_MATCH("exact_match", "strict-match"),
    /** Whether the last number of an answer is right. */
    FLEXIBLE_EXTRACT("exact_match", "flexible-extract");

    private static final String NONE = "none";
    private static final String EXACT = "exact_match";
    private static final Set<String> UNTOLD = Set.of(NONE, "create_test");

    private final String text;
    private final String filter;

    Metric(String text, String filter) {
        this.text = text;
        this.filter = filter;
    }

    /**
     * A metric's value.
     *
     * @param value of all items
     * @param error its standard error; NaN where there are too few items to tell
     */
    public record Estimate(double value, double error) {}

    /** Such as {@code acc_norm}, {@code pass@1 plus} or {@code flexible-extract}. */
    public String text() {
        if (text.equals(EXACT) && !filter.equals(NONE)) {
            return filter;
        }
        return UNTOLD.contains(filter) ? text : text + " " + filter;
    }

    /** The name of its value in a results file. */
    String key() {
        return text + "," + filter;
    }

    /** The name of its standard error there. */
    String errorKey() {
        return text + "_stderr," + filter;
    }

    /** Over items in groups, such as the subjects of MMLU, whose variances are pooled. */
    Estimate estimate(List<double[]> groups) {
        return mean(groups);
    }

    private static Estimate mean(List<double[]> groups) {
        int count = groups.stream().mapToInt(values -> values.length).sum();
        double mean = groups.stream().flatMapToDouble(Arrays::stream).average().orElse(Double.NaN);
        double squares = sum(groups, values -> {
            double own = Arrays.stream(values).average().orElse(Double.NaN);
            return Arrays.stream(values)
                    .map(value -> (value - own) * (value - own))
                    .sum();
        });
        // A group of one item tells nothing of a variance, and the harness divides by what is left.
        double variance = squares / (count - groups.size());
        return new Estimate(mean, Math.sqrt(variance / count));
    }

    private static double sum(List<double[]> groups, ToDoubleFunction<double[]> term) {
        return groups.stream().mapToDouble(term).sum();
    }
}
