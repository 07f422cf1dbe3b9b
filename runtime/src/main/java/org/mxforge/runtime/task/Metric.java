package org.mxforge.runtime.task;

import java.util.Arrays;
import java.util.List;
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
    };

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

    /** Such as {@code acc_norm}. */
    public String text() {
        return text;
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
