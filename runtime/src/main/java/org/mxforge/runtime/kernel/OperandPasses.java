package org.mxforge.runtime.kernel;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.OperandPass;
import org.mxforge.dsl.spec.Pass;
import org.mxforge.dsl.spec.Side;

/**
 * The passes before one product: the launches that they come to, in order, and the operands that the product reads behind them.
 *
 * @param launches to be put on the product's stream before it
 * @param operands of the product, a partition each
 */
public record OperandPasses(List<Launch> launches, List<MxGemmOperands> operands) {
    /**
     * One launch of a pass in its default variant.
     *
     * @param arguments the record of the spec's stem
     */
    public record Launch(KernelSpec spec, Object arguments) {}

    /** Where passes write. */
    public interface Memory {
        /** Address of {@code bytes} that no one else uses until the product is done. */
        long allocate(String purpose, long bytes);

        /** Address of the factors of {@code rows} rows, padding included, that need none: ones in FP32. */
        long ones(int rows);
    }

    public OperandPasses {
        launches = List.copyOf(launches);
        operands = List.copyOf(operands);
    }

    /**
     * Plans {@code passes}.
     *
     * @param m rows of the activations
     * @param n rows of the weights of one expert
     * @param experts matrices of weights, one after the other, each padded for itself; 1 for a single product
     * @param given the operands as they lie; partitions without channels need no pass
     */
    public static OperandPasses of(
            List<Pass> passes, int m, int n, int experts, List<MxGemmOperands> given, Memory memory) {
        List<Launch> launches = new ArrayList<>();
        List<MxGemmOperands> operands = new ArrayList<>(given);
        for (Pass pass : passes) {
            MxGemmOperands from = operands.get(pass.partition());
            if (from.channels() > 0) {
                boolean weight = pass.side() == Side.WEIGHT;
                Matrices matrices = new Matrices(pass.spec(), weight ? n : m, from.channels(), weight ? experts : 1);
                operands.set(pass.partition(), matrices.launch(pass.side(), from, memory, launches));
            }
        }
        return new OperandPasses(launches, operands);
    }

    private record Matrices(OperandPass pass, int rows, int channels, int count) {
        MxGemmOperands launch(Side side, MxGemmOperands from, Memory memory, List<Launch> launches) {
            boolean weight = side == Side.WEIGHT;
            long elements = weight ? from.weightCodes() : from.activationCodes();
            long scales = weight ? from.weightScales() : from.activationScales();
            // Folded scales are the factors of the rows already; others are multiplied into the elements.
            long factors = pass.from().isFolded() ? scales : memory.ones(Math.multiplyExact(count, padded(rows)));
            long bytes = pass.to().elementBytes(pass.format(), rows, channels);
            long result = memory.allocate(count + " operands of " + rows + " rows, laid out anew", count * bytes);
            long scaleBytes = pass.from().scaleBytes(rows, channels / GroupLayout.GROUP);
            for (int i = 0; i < count; i++) {
                launches.add(new Launch(
                        pass,
                        pass.arguments(
                                rows,
                                channels,
                                elements + i * pass.from().elementBytes(pass.format(), rows, channels),
                                scales + i * scaleBytes,
                                factors,
                                result + i * bytes)));
            }
            return weight
                    ? new MxGemmOperands(from.activationCodes(), from.activationScales(), result, factors, channels)
                    : new MxGemmOperands(result, factors, from.weightCodes(), from.weightScales(), channels);
        }

        private static int padded(int rows) {
            return Math.toIntExact(OperandLayout.BF16.scaleBytes(rows, 1) / Float.BYTES);
        }
    }
}
