package org.mxforge.dsl.shape;

import java.util.List;
import java.util.OptionalInt;

/**
 * The size of a GEMM.
 *
 * @param m rows (tokens)
 * @param n columns (output channels)
 * @param k channels of each partition; one entry for a plain GEMM
 */
public record GemmShape(int m, int n, List<Integer> k) implements KernelShape {
    public GemmShape {
        k = List.copyOf(k);
        if (m <= 0 || n <= 0 || k.isEmpty()) {
            throw new IllegalArgumentException("GEMM shape " + m + "x" + n + "x" + k + " has an empty side");
        }
    }

    @Override
    public OptionalInt columns() {
        return OptionalInt.of(n);
    }

    @Override
    public GemmShape bucketed() {
        return new GemmShape(KernelShape.bucket(m), n, k);
    }
}
