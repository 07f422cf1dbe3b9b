package org.mxforge.codegen.kernel.gemm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.oracle.ReferenceQuantizer;
import org.mxforge.runtime.quant.PackedMatrix;

/** Splits and operands that the tests of several GEMM kernels share. */
final class GemmCases {
    private GemmCases() {}

    /** Partitions of 1, 3, 2, 1, 3, ... times the granularity. */
    static ChannelSplit split(List<FormatPair> pairs, int granularity) {
        int[] counts = {1, 3, 2};
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            partitions.add(new Partition(pairs.get(i), counts[i % counts.length] * granularity));
        }
        return new ChannelSplit(partitions, granularity);
    }

    /** So many rows of weights, or a few more where the epilogue wants whole sixteens. */
    static int rows(Epilogue epilogue, int rows) {
        int multiple = epilogue.rowMultiple();
        return (rows + multiple - 1) / multiple * multiple;
    }

    /** Values of one magnitude, quantized: their scales fold without rounding. */
    static PackedMatrix level(ChannelSplit split, Side side, int rows, long seed) {
        return quantized(split, side, rows, seed, random -> random.nextDouble(-1, 1));
    }

    /** Values of magnitudes from e^-3 to e^3, quantized. */
    static PackedMatrix uneven(ChannelSplit split, Side side, int rows, long seed) {
        return quantized(
                split, side, rows, seed, random -> random.nextDouble(-1, 1) * Math.exp(random.nextDouble(-3, 3)));
    }

    /** Normal values, quantized, their deviation growing by {@code binades} powers of two from the first channel to the last. */
    static PackedMatrix rising(ChannelSplit split, Side side, int rows, double binades, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * split.channels()];
        for (int i = 0; i < values.length; i++) {
            double along = (double) (i % split.channels()) / split.channels();
            values[i] = (float) (random.nextGaussian() * Math.pow(2, binades * along));
        }
        return ReferenceQuantizer.inOrder(split, side, ScaleRule.CEIL).quantize(values, rows);
    }

    private static PackedMatrix quantized(
            ChannelSplit split, Side side, int rows, long seed, ToDoubleFunction<SplittableRandom> draw) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[rows * split.channels()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) draw.applyAsDouble(random);
        }
        return ReferenceQuantizer.inOrder(split, side, ScaleRule.CEIL).quantize(values, rows);
    }
}
