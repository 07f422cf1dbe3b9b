package org.mxforge.runtime.tune.search;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.runtime.kernel.GemmShape;

/**
 * How the weights of one layer are kept, for all numbers of tokens that it will see.
 *
 * @param spec a product of the layer
 * @param n output channels
 * @param k channels of each partition
 */
record LayoutChoice(MxGemmSpec spec, int n, List<Integer> k) {
    /** How often a layer sees so many tokens: most steps decode for one sequence or a few, and a prompt comes once in a while. */
    private static final Map<Integer, Integer> STEPS = new TreeMap<>(Map.of(1, 256, 16, 64, 2048, 1));

    /** Weights are packed to fit into memory: a layout may take so many times the bytes of the smallest. */
    private static final double MOST_BYTES = 1.5;

    /**
     * The layout of the least time.
     *
     * @param layouts those that can be multiplied, the preferred first, which is taken where nothing is known
     * @param millis what is expected of a product whose weights lie so
     */
    OperandLayout best(List<OperandLayout> layouts, ToDoubleBiFunction<OperandLayout, GemmShape> millis) {
        long smallest = layouts.stream().mapToLong(this::bytes).min().orElseThrow();
        OperandLayout best = layouts.get(0);
        double least = Double.POSITIVE_INFINITY;
        for (OperandLayout layout : layouts) {
            double sum = 0;
            for (Map.Entry<Integer, Integer> step : STEPS.entrySet()) {
                sum += step.getValue() * millis.applyAsDouble(layout, new GemmShape(step.getKey(), n, k));
            }
            if (sum < least && bytes(layout) <= MOST_BYTES * smallest) {
                least = sum;
                best = layout;
            }
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
