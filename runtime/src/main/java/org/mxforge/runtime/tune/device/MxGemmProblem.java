package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;

/**
 * A mixed GEMM with its operands in host memory.
 *
 * @param spec what is computed
 * @param activation A, packed
 * @param weight B, packed
 * @param epilogueOperand what the epilogue wants: bias {@code [N]}, residual or up {@code [M][N]}, or nothing
 */
record MxGemmProblem(MxGemmSpec spec, RepeatedRows activation, RepeatedRows weight, float[] epilogueOperand) {
    /** Beyond, sums that are exact in FP32 leave no room for all codes of a format. */
    static final int MOST_CHANNELS = 37_000;

    /** Whether operands, in 2 bytes an element, and results, in 4, fit into arrays of the host. */
    static boolean holds(GemmShape shape) {
        long most = Integer.MAX_VALUE / Short.BYTES;
        long m = shape.m();
        long n = shape.n();
        long k = shape.channels();
        return k > 0 && k <= MOST_CHANNELS && m * n <= most / 2 && m * k <= most && n * k <= most;
    }

    private static final long ACTIVATION_SEED = 8;
    private static final long WEIGHT_SEED = 16;

    /**
     * Operands on which every right kernel gives the same bits.
     *
     * @param layout how weights lie
     */
    static MxGemmProblem exact(MxGemmSpec spec, OperandLayout layout, GemmShape shape) {
        return exact(spec, layout, shape, 1);
    }

    /** The same for one of several: other seeds give other operands. */
    static MxGemmProblem exact(MxGemmSpec spec, OperandLayout layout, GemmShape shape, long seed) {
        // The sums of FP8 tensor cores are narrower.
        ExactOperands operands = layout.isFolded() && layout != OperandLayout.BF16
                ? ExactOperands.sparse(split(spec, shape), shape.m(), shape.n(), seed)
                : ExactOperands.generate(split(spec, shape), shape.m(), shape.n(), seed);
        float[] epilogueOperand =
                switch (spec.epilogue().operand()) {
                    case NONE -> new float[0];
                    case COLUMNS -> operands.bias();
                    case MATRIX -> operands.residual();
                };
        return new MxGemmProblem(
                spec, RepeatedRows.of(operands.activation()), RepeatedRows.of(operands.weight()), epilogueOperand);
    }

    /**
     * Operands as real layers have them, for timing.
     *
     * @param different rows of an operand before they repeat
     */
    static MxGemmProblem random(MxGemmSpec spec, GemmShape shape, int different) {
        ChannelSplit split = split(spec, shape);
        return new MxGemmProblem(
                spec,
                RepeatedRows.random(split, Side.ACTIVATION, shape.m(), different, ACTIVATION_SEED),
                RepeatedRows.random(split, Side.WEIGHT, shape.n(), different, WEIGHT_SEED),
                EpilogueOperand.random(spec.epilogue(), shape, new SplittableRandom(2)));
    }

    private static ChannelSplit split(MxGemmSpec spec, GemmShape shape) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < spec.pairs().size(); i++) {
            partitions.add(new Partition(spec.pairs().get(i), shape.k().get(i)));
        }
        return new ChannelSplit(partitions, GroupLayout.GROUP, spec.groups());
    }

    int m() {
        return activation.rows();
    }

    int n() {
        return weight.rows();
    }

    ResultCheck check() {
        return new ResultCheck(
                ReferenceGemm.of(activation.block(), weight.block(), spec.epilogue(), epilogueOperand),
                spec.epilogue(),
                spec.output());
    }
}
