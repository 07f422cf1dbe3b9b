package org.mxforge.runtime.pack;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Packed matrices whose scales are folded. */
final class FoldedCases {
    private FoldedCases() {}

    /** Random codes with scales in a window of {@code spread} binades; a few groups are zero. */
    static PackedMatrix random(String split, Side side, int rows, int spread, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<PackedPartition> partitions = new ArrayList<>();
        for (String part : split.split("\\+")) {
            String[] words = part.split(":");
            Partition partition = new Partition(FormatPair.parse(words[0]), Integer.parseInt(words[1]));
            ElementFormat format = side.format(partition.formats());
            byte[] codes = new byte[rows * partition.channels()];
            byte[] scales = new byte[rows * partition.channels() / 32];
            for (int i = 0; i < codes.length; i++) {
                codes[i] = (byte) finite(format, random);
            }
            for (int i = 0; i < scales.length; i++) {
                scales[i] = (byte) (120 + random.nextInt(spread + 1));
                if (random.nextInt(8) == 0) {
                    Arrays.fill(codes, 32 * i, 32 * i + 32, (byte) 0);
                    scales[i] = (byte) random.nextInt(255);
                }
            }
            partitions.add(packed(format, rows, partition.channels(), codes, scales));
        }
        return new PackedMatrix(rows, partitions);
    }

    /** One row for each finite code, one group for each shift from the highest down. */
    static PackedMatrix allCodes(ElementFormat format, int shifts, SplittableRandom random) {
        int groups = shifts + 1;
        int rows = format.codes();
        byte[] codes = new byte[rows * groups * 32];
        byte[] scales = new byte[rows * groups];
        for (int row = 0; row < rows; row++) {
            for (int group = 0; group < groups; group++) {
                scales[row * groups + group] = (byte) (140 - group);
                for (int i = 0; i < 32; i++) {
                    codes[(row * groups + group) * 32 + i] =
                            (byte) (i == 5 ? 1 : i % 2 == 0 && isFinite(format, row) ? row : finite(format, random));
                }
            }
        }
        return new PackedMatrix(rows, List.of(packed(format, rows, groups * 32, codes, scales)));
    }

    private static boolean isFinite(ElementFormat format, int code) {
        return Math.abs(format.decode(code)) <= format.maxFinite();
    }

    private static int finite(ElementFormat format, SplittableRandom random) {
        while (true) {
            int code = random.nextInt(format.codes());
            if (isFinite(format, code)) {
                return code;
            }
        }
    }

    private static PackedPartition packed(ElementFormat format, int rows, int channels, byte[] codes, byte[] scales) {
        byte[] packed = new byte[Math.toIntExact(rows * CodePacking.bytes(format, channels))];
        CodePacking.pack(format, codes, 0, codes.length, packed, 0);
        return new PackedPartition(format, rows, channels, packed, scales);
    }
}
