package org.mxforge.runtime.tune.device;

import java.util.Collections;
import java.util.List;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.runtime.quant.PackedMatrix;

/**
 * A grouped GEMM with its operands in host memory.
 *
 * @param spec what is computed
 * @param layout how weights lie
 * @param tokens how many of them each expert has, and where
 * @param activation A of all experts, packed, in the order of {@code tokens}
 * @param weights B of each expert, packed
 * @param epilogueOperand what the epilogue wants: biases {@code [experts][N]}, residual or up {@code [M][N]}, or nothing
 */
record MxGroupedGemmProblem(
        MxGroupedGemmSpec spec,
        OperandLayout layout,
        ExpertTokens tokens,
        PackedMatrix activation,
        List<PackedMatrix> weights,
        float[] epilogueOperand) {
    MxGroupedGemmProblem {
        weights = List.copyOf(weights);
    }

    /** Random codes, for timing, the tokens spread as {@link GroupedShape#spread} says; all experts share one weight's codes. */
    static MxGroupedGemmProblem random(MxGroupedGemmSpec spec, OperandLayout layout, GroupedShape shape) {
        ExpertTokens tokens = new ExpertTokens(spec.tile(), shape.spread());
        MxGemmProblem all = MxGemmProblem.random(
                spec.expert(), new GemmShape(tokens.rows(), shape.n(), shape.k()), Integer.MAX_VALUE);
        return new MxGroupedGemmProblem(
                spec,
                layout,
                tokens,
                all.activation().block(),
                Collections.nCopies(shape.experts(), all.weight().block()),
                spec.expert().epilogue() == Epilogue.BIAS
                        ? repeated(all.epilogueOperand(), shape.experts())
                        : all.epilogueOperand());
    }

    private static float[] repeated(float[] values, int times) {
        float[] all = new float[Math.multiplyExact(values.length, times)];
        for (int i = 0; i < times; i++) {
            System.arraycopy(values, 0, all, i * values.length, values.length);
        }
        return all;
    }
}
