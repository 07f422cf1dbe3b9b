package org.mxforge.codegen.kernel.gemm;

import java.util.Optional;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.target.Target;

/** Operands with folded scales: what all algorithms for the tensor cores of sm_90a ask of a product, and how both of its sides lie. */
final class FoldedOperands {
    private static final String GROUPS =
            "scales are folded in groups of 32 with e8m0 scales alone: a tile of 128 channels holds four groups, and powers"
                    + " of two are what folds into elements";

    private FoldedOperands() {}

    /** Why operands that lie so cannot be multiplied; empty if they can. */
    static Optional<String> refusal(MxGemmSpec spec, OperandLayout weights, Target target) {
        if (target != Target.SM_90A) {
            return Optional.of("folded scales are for sm_90a");
        }
        if (!spec.groups().isMx()) {
            return Optional.of(GROUPS);
        }
        boolean room = spec.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        return switch (weights) {
            case BF16 -> Optional.empty();
            case MIXED, MIXED_FRAGMENTS -> refusal(spec, weights, room);
            default ->
                room || spec.tolerance().rounds()
                        ? Optional.empty()
                        : Optional.of("scales cannot be folded exactly into e4m3 and e5m2, which fill their containers:"
                                + " use tolerance=within4 to allow rounding");
        };
    }

    private static Optional<String> refusal(MxGemmSpec spec, OperandLayout mixed, boolean room) {
        if (room || spec.tolerance().rounds()) {
            return Optional.of(
                    "all partitions of '" + spec.text() + "' are folded into FP8, so that none is left for BF16");
        }
        return spec.pairs().stream()
                .filter(pair -> mixed.widens(pair.activation()) != mixed.widens(pair.weight()))
                .findFirst()
                .map(pair -> pair.text() + " has one operand in FP8 and one in BF16, which no tensor core multiplies");
    }

    /** How the operand of {@code side} lies where weights lie so. */
    static OperandLayout layout(Side side, OperandLayout weights) {
        return side == Side.ACTIVATION ? weights.activations() : weights;
    }
}
