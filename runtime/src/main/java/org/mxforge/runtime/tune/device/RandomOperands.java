package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Operands as real layers have them, in host memory: what a tensor core draws, and so its clock, depends on the values. Equal seeds
 * give equal operands; those of one product lie 8 apart, one for each partition.
 */
final class RandomOperands {
    /** Values are drawn from as many draws of a normal distribution. */
    private static final int DRAWS = 1 << 14;

    /** A group's largest of 32 normal values is some two and a half deviations; scaling brings it near the format's largest. */
    private static final float DEVIATIONS = 3;

    /** Scales as {@code gemm_peers.py} has them. */
    private static final int LEAST_SCALE = 120;

    private static final int BEYOND_SCALE = 132;

    /** Java's arrays end somewhat below 2^31. */
    private static final long LONGEST = Integer.MAX_VALUE - 16;

    private RandomOperands() {}

    /** A packed operand of normally distributed codes and uniformly distributed scales. */
    static PackedMatrix packed(ChannelSplit split, Side side, int rows, long seed) {
        List<PackedPartition> partitions = new ArrayList<>();
        for (Partition partition : split.partitions()) {
            partitions.add(partition(
                    side.format(partition.formats()), split.groups(), rows, partition, seed + partitions.size()));
        }
        return new PackedMatrix(rows, partitions);
    }

    private static PackedPartition partition(
            ElementFormat format, GroupLayout groups, int rows, Partition partition, long seed) {
        byte[] draws = codes(format, seed);
        int rowBytes = Math.toIntExact(CodePacking.bytes(format, partition.channels()));
        byte[] codes = new byte[length("an operand", (long) rows * rowBytes)];
        int rowScales = groups.count(partition.channels());
        byte[] scales = new byte[Math.multiplyExact(rows, rowScales)];
        IntStream.range(0, rows).parallel().forEach(row -> {
            SplittableRandom random = new SplittableRandom((seed << 32) + row);
            byte[] drawn = new byte[partition.channels()];
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = draws[random.nextInt() & DRAWS - 1];
            }
            CodePacking.pack(format, drawn, 0, drawn.length, codes, row * rowBytes);
            for (int group = 0; group < rowScales; group++) {
                scales[row * rowScales + group] = (byte) random.nextInt(LEAST_SCALE, BEYOND_SCALE);
            }
        });
        return new PackedPartition(format, groups, rows, partition.channels(), codes, scales);
    }

    private static byte[] codes(ElementFormat format, long seed) {
        Random random = new Random(seed);
        byte[] codes = new byte[DRAWS];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) format.encode((float) random.nextGaussian() * format.maxFinite() / DEVIATIONS);
        }
        return codes;
    }

    private static int length(String what, long length) {
        if (length > LONGEST) {
            throw new MxForgeException(what + " of " + length
                    + " values or packed bytes is more than can be made at once: use a smaller shape");
        }
        return (int) length;
    }
}
