package org.mxforge.runtime.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.Continuation;

/**
 * A question whose answers are scored by their likelihood.
 *
 * @param id its number in its file
 * @param groups what it counts for beside its task, the finest last
 * @param choices its answers
 * @param gold the number of the right one
 */
record ChoiceItem(String id, List<String> groups, List<Choice> choices, int gold) {
    /**
     * An answer.
     *
     * @param context what the model reads
     * @param continuation what is scored after it, with the space before it
     * @param length characters by which its log likelihood is divided for {@code acc_norm}
     */
    record Choice(String context, String continuation, int length) {}

    /** Answers to one question, each after a space. */
    static ChoiceItem of(int id, String context, List<String> answers, int gold) {
        return new ChoiceItem(
                String.valueOf(id),
                List.of(),
                answers.stream()
                        .map(answer -> new Choice(context, " " + answer, PythonText.length(answer)))
                        .toList(),
                gold);
    }

    ChoiceItem in(List<String> groups) {
        return new ChoiceItem(id, groups, choices, gold);
    }

    /** Whether the likeliest choice, and the likeliest a character, is the right one; of equal ones the first counts. */
    Map<Metric, Double> accuracy(List<Continuation.Score> scores) {
        double[] sums =
                scores.stream().mapToDouble(Continuation.Score::logLikelihood).toArray();
        double[] means = new double[sums.length];
        Arrays.setAll(means, i -> sums[i] / choices.get(i).length());
        return Map.of(Metric.ACC, isGold(sums), Metric.ACC_NORM, isGold(means));
    }

    private double isGold(double... scores) {
        int best = 0;
        for (int i = 1; i < scores.length; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best == gold ? 1 : 0;
    }

    /** Choices as tokens. */
    List<Continuation> encoded(PairEncoder encoder) {
        List<Continuation> continuations = new ArrayList<>();
        choices.forEach(choice -> continuations.add(encoder.encode(choice.context(), choice.continuation())));
        return continuations;
    }
}
