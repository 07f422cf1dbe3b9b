package org.mxforge.runtime.exec.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which tokens go to which expert: softmax over all experts, the best few kept, their shares scaled to sum to one.
 *
 * @param experts for each expert its tokens and their shares
 */
record ExpertRouting(List<Group> experts) {
    /**
     * The tokens of one expert.
     *
     * @param rows in ascending order, may be empty
     * @param shares of the expert in the result of each row
     */
    record Group(int[] rows, float[] shares) {}

    /** Tokens of the expert that has the most. */
    int most() {
        return experts.stream().mapToInt(group -> group.rows().length).max().orElse(0);
    }

    /** {@code logits} is [rows][experts]; of equal ones the lower expert wins. Each row goes to {@code perToken} experts. */
    static ExpertRouting of(float[] logits, int experts, int perToken) {
        int rows = logits.length / experts;
        int[] counts = new int[experts];
        int[][] chosen = new int[rows][];
        for (int row = 0; row < rows; row++) {
            int from = row * experts;
            chosen[row] = IntStream.range(0, experts)
                    .boxed()
                    .sorted(Comparator.comparingDouble(e -> -logits[from + e]))
                    .limit(perToken)
                    .mapToInt(Integer::intValue)
                    .toArray();
            Arrays.stream(chosen[row]).forEach(e -> counts[e]++);
        }
        List<Group> groups = new ArrayList<>();
        for (int expert = 0; expert < experts; expert++) {
            groups.add(new Group(new int[counts[expert]], new float[counts[expert]]));
        }
        int[] filled = new int[experts];
        for (int row = 0; row < rows; row++) {
            float[] shares = shares(logits, row * experts, chosen[row]);
            for (int i = 0; i < shares.length; i++) {
                int expert = chosen[row][i];
                Group group = groups.get(expert);
                group.rows()[filled[expert]] = row;
                group.shares()[filled[expert]++] = shares[i];
            }
        }
        return new ExpertRouting(List.copyOf(groups));
    }

    /** The softmax over the chosen alone: the softmax over all, renormalised. The first chosen is the largest. */
    private static float[] shares(float[] logits, int from, int[] chosen) {
        double[] weights = Arrays.stream(chosen)
                .mapToDouble(e -> Math.exp(logits[from + e] - logits[from + chosen[0]]))
                .toArray();
        double sum = Arrays.stream(weights).sum();
        float[] shares = new float[chosen.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = (float) (weights[i] / sum);
        }
        return shares;
    }
}
