package org.mxforge.runtime.tune.search;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.MxGemmSpec;

/**
 * How the weight of a layer is kept, for all numbers of tokens that it will see.
 *
 * @param spec its product
 * @param n output channels
 * @param k channels of each partition
 */
record LayoutChoice(MxGemmSpec spec, int n, List<Integer> k) {
    /** How often a layer sees so many tokens: most steps decode for one sequence or a few, and a prompt comes once in a while. */
    private static final Map<Integer, Integer> STEPS = new TreeMap<>(Map.of(1, 256, 16, 64, 2048, 1));

    /** Weights are packed to fit into memory: a layout may take so many times the bytes of the smallest. */
    private static final double MOST_BYTES = 1.5;

    /** Sums that differ by less say nothing. */
    private static final double MARGIN = 1.1;

    /** Milliseconds of a product whose weights lie so; empty if they are not known. */
    interface Measured {
        OptionalDouble millis(OperandLayout layout, GemmShape shape);
    }

    /**
     * The layout of the least time. For a number of tokens that was measured with all layouts it is as measured, for others as
     * expected: the two are not to be compared.
     *
     * @param layouts those that can be multiplied, the preferred first, which is taken where nothing is known
     * @param measured what was measured
     * @param expected milliseconds that are expected
     */
    OperandLayout best(
            List<OperandLayout> layouts, Measured measured, ToDoubleBiFunction<OperandLayout, GemmShape> expected) {
        long smallest = layouts.stream().mapToLong(this::bytes).min().orElseThrow();
        List<OperandLayout> small = layouts.stream()
                .filter(layout -> bytes(layout) <= MOST_BYTES * smallest)
                .toList();
        Map<OperandLayout, Double> sums = new EnumMap<>(OperandLayout.class);
        STEPS.forEach((m, count) -> {
            GemmShape shape = new GemmShape(m, n, k);
            boolean all = small.stream()
                    .allMatch(layout -> measured.millis(layout, shape).isPresent());
            for (OperandLayout layout : small) {
                double millis =
                        all ? measured.millis(layout, shape).getAsDouble() : expected.applyAsDouble(layout, shape);
                sums.merge(layout, count * millis, Double::sum);
            }
        });
        OperandLayout best = small.get(0);
        for (OperandLayout layout : small) {
            best = MARGIN * sums.get(layout) < sums.get(best) ? layout : best;
        }
        return best;
    }

    private long bytes(OperandLayout layout) {
        long bytes = 0;
        for (int i = 0; i < spec.pairs().size(); i++) {
            FormatPair pair = spec.pairs().get(i);
            bytes += layout.elementBytes(pair.weight(), n, k.get(i));
        }
        return bytes;
    }
}
