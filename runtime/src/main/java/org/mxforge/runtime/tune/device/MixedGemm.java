package org.mxforge.runtime.tune.device;

import java.util.function.IntFunction;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.pack.PackedOperand;

/**
 * How a mixed GEMM is brought onto a GPU.
 *
 * @param spec what the kernel computes
 * @param weights how the weights lie before the passes, which decides how activations lie
 * @param passes what lays them out as the kernel reads them
 */
record MixedGemm(MxGemmSpec spec, OperandLayout weights, DevicePasses passes) {
    /** The operands of a run. */
    OperandCopies.Maker<GemmOperands> operands(RepeatedRows a, RepeatedRows b) {
        OperandCopies.Maker<PackedOperand> first = a.laidOut(weights, spec.tolerance(), Side.ACTIVATION);
        OperandCopies.Maker<PackedOperand> second = b.laidOut(weights, spec.tolerance(), Side.WEIGHT);
        return (memory, stream) -> {
            IntFunction<PackedOperand> activations = first.begin(memory, stream);
            IntFunction<PackedOperand> others = second.begin(memory, stream);
            return set -> {
                DevicePasses.Ready ready = passes.ready(
                        a.rows(), b.rows(), 1, activations.apply(set).times(others.apply(set)), memory, stream);
                return new PackedOperands(a.rows(), b.rows(), ready.passes(), ready.operands());
            };
        };
    }
}
