package org.mxforge.dsl.shape;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The size of a grouped GEMM.
 *
 * @param experts experts whose weights there are
 * @param m mean number of tokens of an expert
 * @param n columns (output channels)
 * @param k channels of each partition
 */
public record GroupedShape(int experts, int m, int n, List<Integer> k) implements KernelShape {
    public GroupedShape {
        k = List.copyOf(k);
        if (experts <= 0 || m <= 0 || n <= 0 || k.isEmpty()) {
            throw new IllegalArgumentException(
                    "grouped GEMM shape " + experts + "x" + m + "x" + n + "x" + k + " has an empty side");
        }
    }

    @Override
    public OptionalInt columns() {
        return OptionalInt.of(n);
    }

    @Override
    public GroupedShape bucketed() {
        return new GroupedShape(experts, KernelShape.bucket(m), n, k);
    }

    @Override
    public String text() {
        return "e" + experts + "," + KernelShape.super.text();
    }

    /**
     * Tokens of each expert wherever launches of this shape are timed: unequal, as routers make them, and always the same. In
     * ascending order they rise evenly from half of the mean to one and a half of it, rounded so that they sum up to the mean for
     * all; the many lie in the middle of the experts. A mean of one is one for each, as it is where few tokens reach as many experts.
     */
    public List<Integer> spread() {
        return IntStream.range(0, experts).mapToObj(this::tokens).toList();
    }

    private int tokens(int expert) {
        if (m == 1) {
            return 1;
        }
        int above = experts - 1 - expert;
        int rank = expert <= above ? 2 * expert : 2 * above + 1;
        return Math.toIntExact(below(rank + 1L) - below(rank));
    }

    /** Tokens of the {@code count} experts with the fewest. */
    private long below(long count) {
        return (long) m * count * (experts + count) / (2L * experts);
    }
}
