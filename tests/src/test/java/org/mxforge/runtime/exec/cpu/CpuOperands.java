package org.mxforge.runtime.exec.cpu;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Operands for the CPU kernels. */
final class CpuOperands {
    private CpuOperands() {}

    /** What {@code epilogue} takes beside the product. */
    static float[] epilogueOperand(ExactOperands operands, Epilogue epilogue) {
        return switch (epilogue) {
            case NONE, SWIGLU -> null;
            case BIAS -> operands.bias();
            case RESIDUAL, SILU_MUL -> operands.residual();
        };
    }

    /** The same matrix after a partition of no channels. */
    static PackedMatrix withEmptyFirst(PackedMatrix matrix) {
        List<PackedPartition> partitions = new ArrayList<>(matrix.partitions());
        partitions.add(0, new PackedPartition(ElementFormat.E4M3, matrix.rows(), 0, new byte[0], new byte[0]));
        return new PackedMatrix(matrix.rows(), partitions);
    }

    /** Normally distributed values, quantized. */
    static PackedMatrix random(ChannelSplit split, Side side, int rows, long seed) {
        return ReferenceQuantizer.inOrder(split, side, ScaleRule.CEIL)
                .quantize(values(rows * split.channels(), seed), rows);
    }

    static float[] values(int count, long seed) {
        Random random = new Random(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() * Math.exp(random.nextGaussian()));
        }
        return values;
    }
}
