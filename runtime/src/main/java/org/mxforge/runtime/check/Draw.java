package org.mxforge.runtime.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.FragmentTile;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** The numbers of a case: equal classes and seeds give equal ones. */
final class Draw {
    private static final int GROUP = GroupLayout.GROUP;

    /** How far apart the scales of groups lie: within every window, at its ends in the formats of OCP MX, and beyond. */
    private static final int[] WINDOWS = {0, 1, 11, 12, 23, 24, 28, 29, 48, 63};

    private static final int ONE = 127;
    private static final int NAN_SCALE = 255;

    private final Data data;
    private final SplittableRandom random;

    Draw(Data data, long seed) {
        this.data = data;
        this.random = new SplittableRandom(seed);
    }

    static Draw of(CheckCase of) {
        return new Draw(of.data(), of.seed());
    }

    SplittableRandom random() {
        return random;
    }

    /** Numbers that {@code type} holds, of the class. */
    float[] numbers(ScalarType type, int count) {
        float[] values = new float[count];
        int window = 0;
        boolean zeros = false;
        for (int i = 0; i < count; i++) {
            if (i % GROUP == 0) {
                window = WINDOWS[random.nextInt(WINDOWS.length)];
                zeros = random.nextInt(2) == 0;
            }
            values[i] = rounded(
                    type,
                    switch (data) {
                        case EXACT -> random.nextInt(-8, 9);
                        case RANDOM -> gaussian();
                        case SUBNORMAL -> random.nextInt(4) == 0 ? 0x1p-126f : subnormal(type);
                        case ZEROS -> zeros || random.nextInt(4) == 0 ? 0 : gaussian();
                        case NONFINITE -> random.nextInt(48) == 0 ? nonFinite() : gaussian();
                        case WINDOW -> Math.scalb(gaussian(), -window);
                    });
            if (data == Data.ZEROS && values[i] == 0) {
                values[i] = random.nextInt(2) == 0 ? 0f : -0f;
            }
        }
        return values;
    }

    private float subnormal(ScalarType type) {
        int step = type == ScalarType.FP32 ? -149 : type == ScalarType.FP16 ? -24 : -133;
        int bits = type == ScalarType.FP32 ? 23 : type == ScalarType.FP16 ? 10 : 7;
        return Math.scalb((float) random.nextInt(1 - (1 << bits), 1 << bits), step);
    }

    private float nonFinite() {
        return new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}[random.nextInt(3)];
    }

    float gaussian() {
        return (float)
                (Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble()));
    }

    static float rounded(ScalarType type, float value) {
        return switch (type) {
            case FP32 -> value;
            case BF16 -> Bfloat16.toFloat(Bfloat16.fromFloat(value));
            case FP16 -> Float16.toFloat(Float16.fromFloat(value));
        };
    }

    /** Normally distributed BF16 numbers, whatever the class. */
    float[] normal(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = rounded(ScalarType.BF16, gaussian());
        }
        return values;
    }

    /** From 0 to 1, the second excluded. */
    float[] shares(int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (random.nextInt() >>> 8) * 0x1p-24f;
        }
        return values;
    }

    /** A permutation. */
    int[] order(int count) {
        int[] order = new int[count];
        for (int i = 1; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /**
     * A packed operand of the class, which folds as {@code layout} does without rounding where formats have room.
     *
     * @param layout how it is multiplied
     */
    PackedMatrix packed(ChannelSplit split, Side side, int rows, OperandLayout layout) {
        int[] bases = random.ints(rows, 100, 140).toArray();
        List<PackedPartition> partitions = new ArrayList<>();
        for (Partition partition : split.partitions()) {
            ElementFormat format = side.format(partition.formats());
            GroupLayout groups = split.groups();
            // What is decoded by bits and multiplications must be a number.
            boolean finite = data != Data.NONFINITE || side == Side.WEIGHT && layout.keepsFragments(format);
            int inRow = groups.count(partition.channels());
            byte[] codes = new byte[rows * partition.channels()];
            byte[] scales = new byte[rows * inRow];
            for (int group = 0; group < scales.length; group++) {
                boolean zeros = data == Data.ZEROS && random.nextInt(3) == 0;
                for (int i = group * groups.size(); i < (group + 1) * groups.size(); i++) {
                    codes[i] = (byte) (zeros ? random.nextInt(2) << format.bits() - 1 : code(format, finite));
                }
                scales[group] =
                        (byte) (zeros ? random.nextInt(NAN_SCALE) : scale(format, side, layout, bases[group / inRow]));
            }
            byte[] packed = new byte[Math.toIntExact(rows * CodePacking.bytes(format, partition.channels()))];
            CodePacking.pack(format, codes, 0, codes.length, packed, 0);
            partitions.add(new PackedPartition(format, groups, rows, partition.channels(), packed, scales));
        }
        return new PackedMatrix(rows, partitions);
    }

    private int code(ElementFormat format, boolean finite) {
        int magnitudes = format.codes() / 2;
        int sign = random.nextInt(2) * magnitudes;
        return switch (data) {
            case SUBNORMAL -> sign | random.nextInt(1 << format.mantissaBits());
            default -> sign | random.nextInt(!finite && random.nextInt(64) == 0 ? magnitudes : format.maxCode() + 1);
        };
    }

    private int scale(ElementFormat format, Side side, OperandLayout layout, int base) {
        return switch (data) {
            // Factors of folded rows must not be lost when they are multiplied.
            case SUBNORMAL -> (side == Side.WEIGHT ? 80 : layout.isFolded() ? 60 : 38) + random.nextInt(6);
            case NONFINITE -> random.nextInt(32) == 0 ? NAN_SCALE : near(ONE);
            case WINDOW -> base + edge(format, side, layout);
            default -> near(ONE);
        };
    }

    private int near(int scale) {
        return scale - 5 + random.nextInt(10);
    }

    /** How far a scale lies above the factor of its row. */
    private int edge(ElementFormat format, Side side, OperandLayout layout) {
        FoldedFormat folded = FoldedFormat.of(format);
        int lowest = folded.lowest();
        int highest = folded.highest();
        if (side == Side.WEIGHT && layout.keepsFragments(format)) {
            FragmentTile tile = new FragmentTile(format);
            lowest = tile.lowestShift();
            highest = tile.highestShift();
        } else if (layout.widens(format)) {
            lowest = FoldedFormat.LOWEST_IN_BF16;
            highest = FoldedFormat.highestInBf16(format);
        }
        return switch (random.nextInt(4)) {
            case 0 -> lowest;
            case 1 -> highest;
            default -> random.nextInt(lowest, highest + 1);
        };
    }

    /** One of these, at random. */
    float of(float... values) {
        return values[random.nextInt(values.length)];
    }

    /** {@code count} times the same. */
    static float[] same(float value, int count) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }
}
