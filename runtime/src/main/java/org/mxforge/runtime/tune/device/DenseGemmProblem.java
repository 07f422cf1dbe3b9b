package org.mxforge.runtime.tune.device;

import java.util.SplittableRandom;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.runtime.oracle.ReferenceGemm;

/**
 * A plain GEMM with its operands in host memory.
 *
 * @param spec what is computed
 * @param shape its size
 * @param activation A, BF16 {@code [M][K]}
 * @param weight B, BF16 {@code [N][K]}
 * @param epilogueOperand what the epilogue wants: bias {@code [N]}, residual or up {@code [M][N]}, or nothing; exact in BF16
 */
record DenseGemmProblem(
        DenseGemmSpec spec, GemmShape shape, short[] activation, short[] weight, float[] epilogueOperand) {
    /** Sums of K products of integers up to L stay exact in FP32 as long as K * L * L does not exceed this. */
    private static final double BUDGET = 1 << 23;

    private static final int LARGEST = 15;
    /** Sign and significand of BF16, and the exponent of 1. */
    private static final int FREE_BITS = 0x807f;

    private static final int ONE = 0x3f80;

    /** Operands of small integers, on which every right kernel gives the same bits. */
    static DenseGemmProblem exact(DenseGemmSpec spec, GemmShape shape) {
        SplittableRandom random = new SplittableRandom(1);
        int largest = (int) Math.min(LARGEST, Math.sqrt(BUDGET / shape.k().get(0)));
        return new DenseGemmProblem(
                spec,
                shape,
                integers(shape.m(), shape, largest, random),
                integers(shape.n(), shape, largest, random),
                EpilogueOperand.random(spec.epilogue(), shape, random));
    }

    /** Random operands of magnitude 1 to 2, for timing. */
    static DenseGemmProblem random(DenseGemmSpec spec, GemmShape shape) {
        SplittableRandom random = new SplittableRandom(2);
        return new DenseGemmProblem(
                spec,
                shape,
                values(shape.m(), shape, random),
                values(shape.n(), shape, random),
                EpilogueOperand.random(spec.epilogue(), shape, random));
    }

    private static short[] integers(int rows, GemmShape shape, int largest, SplittableRandom random) {
        short[] values = new short[Math.multiplyExact(rows, shape.k().get(0))];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bfloat16.fromFloat(random.nextInt(-largest, largest + 1));
        }
        return values;
    }

    private static short[] values(int rows, GemmShape shape, SplittableRandom random) {
        short[] values = new short[Math.multiplyExact(rows, shape.k().get(0))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (short) (random.nextInt() & FREE_BITS | ONE);
        }
        return values;
    }

    int channels() {
        return shape.k().get(0);
    }

    ResultCheck check() {
        ReferenceGemm reference = ReferenceGemm.dense(
                floats(activation), floats(weight), shape.m(), shape.n(), channels(), spec.epilogue(), epilogueOperand);
        return new ResultCheck(reference, spec.epilogue(), spec.output());
    }

    static float[] floats(short[] bf16) {
        float[] values = new float[bf16.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Bfloat16.toFloat(bf16[i]);
        }
        return values;
    }
}
