package org.mxforge.runtime.tune.device;

import java.util.SplittableRandom;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;

/** The third operand of a GEMM with an epilogue. */
final class EpilogueOperand {
    private static final int LARGEST = 128;

    private EpilogueOperand() {}

    /** How many values {@code epilogue} wants. */
    static int length(Epilogue epilogue, GemmShape shape) {
        return switch (epilogue) {
            case NONE -> 0;
            case BIAS -> shape.n();
            case RESIDUAL, SILU_MUL -> Math.multiplyExact(shape.m(), shape.n());
        };
    }

    /** Small random integers. */
    static float[] random(Epilogue epilogue, GemmShape shape, SplittableRandom random) {
        float[] values = new float[length(epilogue, shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-LARGEST, LARGEST + 1);
        }
        return values;
    }
}
