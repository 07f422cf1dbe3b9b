package org.mxforge.runtime.tune.device;

import java.util.SplittableRandom;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;

/** The third operand of a GEMM with an epilogue. */
final class EpilogueOperand {
    private static final int LARGEST = 128;

    private EpilogueOperand() {}

    /** Small random integers. */
    static float[] random(Epilogue epilogue, GemmShape shape, SplittableRandom random) {
        float[] values = new float[epilogue.operand().count(shape.m(), shape.n())];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-LARGEST, LARGEST + 1);
        }
        return values;
    }
}
