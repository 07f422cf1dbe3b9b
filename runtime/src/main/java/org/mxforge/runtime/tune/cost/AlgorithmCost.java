package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.shape.GroupedWork;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.Work;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.runtime.kernel.KernelProblem;

/** What weighs algorithms and layouts of weights against each other, where the estimates that rank tiles are too rough by themselves. */
final class AlgorithmCost {
    /**
     * How many times its estimate the portable kernel takes on packed operands: from 32 tokens on an expansion, which should take four
     * times as long, was measured on an H100 to take half of it, the BF16 GEMM behind it included.
     */
    private static final double PORTABLE = 8;

    /** Below, nothing was measured of passes. */
    private static final int FEWEST_TOKENS = 32;

    private AlgorithmCost() {}

    /** Milliseconds; those of a grouped GEMM are the sum of its experts'. Empty where estimates are not to be trusted. */
    static OptionalDouble of(CostModel model, KernelVariant variant, KernelShape shape) {
        if (!variant.algorithm().passes(variant.spec()).isEmpty() && shape.m() < FEWEST_TOKENS) {
            return OptionalDouble.empty();
        }
        return KernelProblem.of(variant)
                .work(shape)
                .flatMap(AlgorithmCost::expert)
                .map(work -> of(model, variant, shape, work))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalDouble of(CostModel model, KernelVariant variant, KernelShape shape, GemmWork work) {
        Optional<CostModel.Estimate> estimate = model.estimate(variant, work);
        if (estimate.isEmpty()) {
            return OptionalDouble.empty();
        }
        double factor = !work.isPlain() && variant.tiling() instanceof MmaTiling ? PORTABLE : 1;
        double reading = 1e3 * weightBytes(variant, work) / model.gpu().memoryBandwidth();
        double expert = Math.max(factor * estimate.get().millis(), reading);
        return OptionalDouble.of(shape.experts() * expert + model.passMillis(variant, shape));
    }

    /** The GEMM whose tiles are weighed: of experts that of one with the mean number of tokens. */
    private static Optional<GemmWork> expert(Work work) {
        return work instanceof GroupedWork grouped
                ? Optional.of(grouped.mean())
                : work.products().findFirst();
    }

    /** Of packed weights as the kernel reads them, which the estimate takes for packed. */
    private static double weightBytes(KernelVariant variant, GemmWork work) {
        OperandLayout layout = variant.algorithm().kernel().layout(Side.WEIGHT);
        return work.parts().stream()
                .flatMap(part ->
                        part.pair().stream().map(pair -> layout.elementBytes(pair.weight(), work.n(), part.k())))
                .mapToDouble(Long::doubleValue)
                .sum();
    }
}
