package org.mxforge.dsl.shape;

import java.util.List;
import java.util.OptionalInt;

/**
 * The size of a reorder-quantize.
 *
 * @param m rows (tokens, or output channels of a weight)
 * @param k channels of each partition
 */
public record QuantizeShape(int m, List<Integer> k) implements KernelShape {
    public QuantizeShape {
        k = List.copyOf(k);
        if (m <= 0 || k.isEmpty()) {
            throw new IllegalArgumentException("quantizer shape " + m + "x" + k + " has an empty side");
        }
    }

    @Override
    public OptionalInt columns() {
        return OptionalInt.empty();
    }

    /** Threads take whole rows. */
    @Override
    public boolean isFreelyCut() {
        return true;
    }

    @Override
    public QuantizeShape bucketed() {
        return new QuantizeShape(KernelShape.bucket(m), k);
    }
}
