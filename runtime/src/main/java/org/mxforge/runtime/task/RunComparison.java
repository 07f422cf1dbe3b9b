package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Two runs of a task, item by item.
 *
 * @param task its name
 * @param items that both runs have
 * @param metric whose values are compared
 * @param before its value in the first run
 * @param after its value in the second
 * @param lost items that were right in the first run alone; of perplexities, those that became less likely
 * @param gained items that are right in the second run alone; of perplexities, those that became likelier
 */
public record RunComparison(String task, int items, Metric metric, double before, double after, int lost, int gained) {
    /**
     * Compares all tasks that both runs have.
     *
     * @throws MxForgeException if there is none, or they were run on different data or items
     */
    public static List<RunComparison> of(EvaluationReport before, EvaluationReport after) {
        Map<String, Map<Metric, Map<String, Double>>> first = before.samples();
        Map<String, Map<Metric, Map<String, Double>>> second = after.samples();
        List<RunComparison> all = new ArrayList<>();
        first.forEach((task, metrics) -> metrics.forEach((metric, values) -> {
            Map<String, Double> others = second.getOrDefault(task, Map.of()).get(metric);
            if (others != null) {
                all.add(of(task, metric, values, others));
            }
        }));
        if (all.isEmpty()) {
            throw new MxForgeException("the two runs have no task in common: one has "
                    + String.join(", ", first.keySet()) + ", the other " + String.join(", ", second.keySet()));
        }
        requireSameData(before, after);
        return all;
    }

    private static void requireSameData(EvaluationReport before, EvaluationReport after) {
        Map<String, String> first = before.config().textMap("data_sha256");
        after.config().textMap("data_sha256").forEach((file, digest) -> {
            if (!digest.equals(first.getOrDefault(file, digest))) {
                throw new MxForgeException("the two runs read different files " + file
                        + ": their items cannot be compared one by one; run one of them again");
            }
        });
    }

    private static RunComparison of(String task, Metric metric, Map<String, Double> before, Map<String, Double> after) {
        if (!before.keySet().equals(after.keySet())) {
            throw new MxForgeException("the two runs have different items of " + task + ", " + before.size() + " and "
                    + after.size() + ": run both with the same --limit");
        }
        int lost = 0;
        int gained = 0;
        for (Map.Entry<String, Double> entry : before.entrySet()) {
            int change = Double.compare(after.get(entry.getKey()), entry.getValue());
            lost += change < 0 ? 1 : 0;
            gained += change > 0 ? 1 : 0;
        }
        return new RunComparison(
                task, before.size(), metric, value(metric, before), value(metric, after), lost, gained);
    }

    private static double value(Metric metric, Map<String, Double> values) {
        double[] all = values.values().stream().mapToDouble(value -> value).toArray();
        return metric.estimate(List.of(all)).value();
    }

    /**
     * How probable flips as unequal as these, or more, would be if either direction were as likely: McNemar's exact test, both sides.
     * 1 where nothing flipped.
     */
    public double probability() {
        int flips = lost + gained;
        // In logarithms: powers of two of thousands of flips are no doubles.
        double term = -flips * Math.log(2);
        double sum = 0;
        for (int i = 0; i <= Math.min(lost, gained); i++) {
            sum += Math.exp(term);
            term += Math.log((double) (flips - i) / (i + 1));
        }
        return Math.min(1, 2 * sum);
    }
}
