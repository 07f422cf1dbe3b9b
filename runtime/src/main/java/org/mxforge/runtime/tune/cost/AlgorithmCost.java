package org.mxforge.runtime.tune.cost;

import java.util.Optional;
import java.util.OptionalDouble;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.KernelShape;

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
        MxGemmSpec spec = mixed(variant.spec());
        KernelSpec single = spec == null ? variant.spec() : spec;
        GemmShape size = new GemmShape(shape.m(), shape.columns().orElse(1), shape.k());
        Optional<CostModel.Estimate> estimate =
                GemmWork.of(single, size).flatMap(work -> model.estimate(variant, work));
        if (estimate.isEmpty()) {
            return OptionalDouble.empty();
        }
        double factor = spec != null && variant.tiling() instanceof MmaTiling ? PORTABLE : 1;
        double reading = spec == null
                ? 0
                : 1e3 * weightBytes(spec, variant, size) / model.gpu().memoryBandwidth();
        double expert = Math.max(factor * estimate.get().millis(), reading);
        return OptionalDouble.of(shape.experts() * expert + model.passMillis(variant, shape));
    }

    private static MxGemmSpec mixed(KernelSpec spec) {
        if (spec instanceof MxGroupedGemmSpec grouped) {
            return grouped.expert();
        }
        return spec instanceof MxGemmSpec mixed ? mixed : null;
    }

    /** Of the weights as the kernel reads them, which the estimate takes for packed. */
    private static double weightBytes(MxGemmSpec spec, KernelVariant variant, GemmShape shape) {
        OperandLayout layout = variant.algorithm().kernel().layout(Side.WEIGHT);
        double bytes = 0;
        for (int i = 0; i < spec.pairs().size(); i++) {
            bytes += layout.elementBytes(
                    spec.pairs().get(i).weight(), shape.n(), shape.k().get(i));
        }
        return bytes;
    }
}
