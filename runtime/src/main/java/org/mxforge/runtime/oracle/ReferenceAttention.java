package org.mxforge.runtime.oracle;

import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Causal grouped-query attention at binary64, and how far a computed one may be off: kernels round weights and results to BF16, which
 * moves each term of a weighted sum, and the sum, by at most 2^-8 of it; exponentials and sums in FP32 add little.
 *
 * @param heads query heads
 * @param kvHeads key/value heads
 * @param head channels of a head
 * @param window how many positions a query sees at most, its own included
 */
public record ReferenceAttention(int heads, int kvHeads, int head, int window) {
    private static final double ROUNDING = 0x1p-8;

    private static final double SMALL = 1e-5;

    /** What is right for one sequence. */
    public final class Result {
        private final int start;
        private final double[] expected;
        private final double[] allowed;

        private Result(int start, int length) {
            this.start = start;
            this.expected = new double[length];
            this.allowed = new double[length];
        }

        /** Elements of it. */
        public int length() {
            return expected.length;
        }

        /** What element {@code i} is. */
        public double value(int i) {
            return expected[i];
        }

        /** How far a computed one may be off. */
        public double allowed(int i) {
            return allowed[i];
        }

        /**
         * Checks a computed result.
         *
         * @param computed the sequence's queries begin at {@code from}
         * @return a number outside the bound, in words; empty if there is none
         */
        public Optional<String> violation(float[] computed, int from) {
            for (int i = 0; i < expected.length; i++) {
                // A NaN is outside, too.
                if (!(Math.abs(computed[from + i] - expected[i]) <= allowed[i])) {
                    return Optional.of("channel " + i % head + " of head " + i / head % heads
                            + " of the query at position " + (start + i / head / heads) + " is " + computed[from + i]
                            + ", but must lie within " + allowed[i] + " of " + expected[i]);
                }
            }
            return Optional.empty();
        }
    }

    /**
     * Computes one sequence.
     *
     * @param start position of the first query
     * @param queries {@code [rows][heads][head]}
     * @param keys {@code [start + rows][kvHeads][head]}
     * @param values of the keys' shape
     */
    public Result of(int start, float[] queries, float[] keys, float[] values) {
        Result result = new Result(start, queries.length);
        IntStream.range(0, queries.length / head)
                .parallel()
                .forEach(vector -> attend(vector, queries, keys, values, result));
        return result;
    }

    private void attend(int vector, float[] queries, float[] keys, float[] values, Result result) {
        int end = result.start + vector / heads + 1;
        int first = Math.max(0, end - window);
        int shared = vector % heads / (heads / kvHeads) * head;
        double[] weights = weights(queries, vector * head, keys, shared, first, end);
        for (int channel = 0; channel < head; channel++) {
            double sum = 0;
            double magnitude = 0;
            for (int p = first; p < end; p++) {
                double term = weights[p - first] * values[p * kvHeads * head + shared + channel];
                sum += term;
                magnitude += Math.abs(term);
            }
            result.expected[vector * head + channel] = sum;
            result.allowed[vector * head + channel] = ROUNDING * (magnitude + Math.abs(sum)) + SMALL;
        }
    }

    private double[] weights(float[] queries, int at, float[] keys, int shared, int first, int end) {
        double[] weights = new double[end - first];
        double most = Double.NEGATIVE_INFINITY;
        for (int p = first; p < end; p++) {
            double dot = 0;
            for (int i = 0; i < head; i++) {
                dot += (double) queries[at + i] * keys[p * kvHeads * head + shared + i];
            }
            weights[p - first] = dot / Math.sqrt(head);
            most = Math.max(most, weights[p - first]);
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = Math.exp(weights[i] - most);
            sum += weights[i];
        }
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }
}
