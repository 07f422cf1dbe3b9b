package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * A mixed GEMM with its operands in host memory.
 *
 * @param spec what is computed
 * @param activation A, packed
 * @param weight B, packed
 * @param extra what the epilogue wants: bias {@code [N]}, residual or up {@code [M][N]}, or nothing
 */
record MxProblem(MxGemmSpec spec, PackedMatrix activation, PackedMatrix weight, float[] extra) {
    private static final byte ONE = 127;

    /** Operands on which every right kernel gives the same bits. */
    static MxProblem exact(MxGemmSpec spec, GemmShape shape) {
        return exact(spec, shape, 1);
    }

    /** The same for one of several: other seeds give other operands. */
    static MxProblem exact(MxGemmSpec spec, GemmShape shape, long seed) {
        ScaleLayout layout = spec.groups().scales();
        // The sums of FP8 tensor cores are narrower.
        ExactOperands operands = layout == ScaleLayout.FOLDED || layout == ScaleLayout.STREAMED
                ? ExactOperands.sparse(split(spec, shape), shape.m(), shape.n(), seed)
                : ExactOperands.generate(split(spec, shape), shape.m(), shape.n(), seed);
        float[] extra =
                switch (spec.epilogue()) {
                    case NONE -> new float[0];
                    case BIAS -> operands.bias();
                    case RESIDUAL, SILU_MUL -> operands.residual();
                };
        return new MxProblem(spec, operands.activation(), operands.weight(), extra);
    }

    /** Random codes, for timing. */
    static MxProblem random(MxGemmSpec spec, GemmShape shape) {
        SplittableRandom random = new SplittableRandom(2);
        ChannelSplit split = split(spec, shape);
        return new MxProblem(
                spec,
                random(split, Side.ACTIVATION, shape.m(), random),
                random(split, Side.WEIGHT, shape.n(), random),
                Extra.random(spec.epilogue(), shape, random));
    }

    private static ChannelSplit split(MxGemmSpec spec, GemmShape shape) {
        List<Partition> partitions = new ArrayList<>();
        for (int i = 0; i < spec.pairs().size(); i++) {
            partitions.add(new Partition(spec.pairs().get(i), shape.k().get(i)));
        }
        return new ChannelSplit(partitions, GroupLayout.GROUP);
    }

    private static PackedMatrix random(ChannelSplit split, Side side, int rows, SplittableRandom random) {
        List<PackedPartition> partitions = new ArrayList<>();
        for (Partition partition : split.partitions()) {
            ElementFormat format = side.format(partition.formats());
            byte[] codes = new byte[Math.toIntExact(rows * CodePacking.bytes(format, partition.channels()))];
            byte[] scales = new byte[Math.multiplyExact(rows, partition.groups())];
            random.nextBytes(codes);
            Arrays.fill(scales, ONE);
            partitions.add(new PackedPartition(format, rows, partition.channels(), codes, scales));
        }
        return new PackedMatrix(rows, partitions);
    }

    int m() {
        return activation.rows();
    }

    int n() {
        return weight.rows();
    }

    ResultCheck check() {
        return new ResultCheck(
                ReferenceGemm.of(activation, weight, spec.epilogue(), extra), spec.epilogue(), spec.output());
    }
}
