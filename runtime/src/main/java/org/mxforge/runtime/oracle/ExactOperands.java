package org.mxforge.runtime.oracle;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.PackedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/**
 * Operands of a mixed GEMM on which FP32 makes no error, so that every correct kernel gives the same bits whatever its order.
 *
 * <p>Why it is exact: in row m of A every value is an integer of magnitude at most L times a unit 2^p of that row; in row n
 * of B, likewise times 2^q; and K * L * L is at most 2^23. So every product, and every sum of any of the products of (m, n)
 * in any order, is an integer of at most 23 bits times 2^(p+q), far from the ends of the range: FP32, with 24 bits, holds
 * it. It stays so when a kernel sums a group before it applies the scales, since scales only move the unit. Bias and
 * residual are integers of at most 2^7 times the largest unit of their column: with the units of the rows within a factor
 * of 2^6, they are multiples of every unit, below 2^13 of the smallest, and the sum with them stays below 2^24. One bit is
 * left over for tensor cores that truncate what they align.
 *
 * <p>Why it is worth much: scales vary by group as widely as some code of the format still lies on the grid, and under each
 * scale codes are drawn from all that do, so that every finite code, subnormals and both zeros included, turns up. A factor
 * of up to 2^90 is moved from one operand to the other, which no product sees but every scale does.
 *
 * @param activation A, [M] rows
 * @param weight B, [N] rows
 * @param bias {@code [N]}, exact in BF16
 * @param residual {@code [M][N]}, exact in BF16 and in FP16
 */
public record ExactOperands(PackedMatrix activation, PackedMatrix weight, float[] bias, float[] residual) {
    private static final int BUDGET = 1 << 23;

    /** The largest significand of any format, 15 in E2M3 and E4M3: what L must reach for every code to have a place. */
    private static final int LARGEST_SIGNIFICAND = 15;

    /** With significands of at most 15, so many products sum to less than 2^13. */
    private static final int SPARSE_CHANNELS = 36;

    private static final int MIN_UNIT = -8;
    private static final int UNITS = 7;
    private static final int MAX_EXTRA = 128;

    /** Scale bytes then lie within 10 to 244, and every scaled value is a normal BF16 number. */
    private static final int MAX_TILT = 90;

    /**
     * Makes operands for {@code split}.
     *
     * @param m rows of A
     * @param n rows of B
     * @param seed equal seeds give equal operands
     * @throws IllegalArgumentException if there are too many channels for an exact sum, more than 37,282
     */
    public static ExactOperands generate(ChannelSplit split, int m, int n, long seed) {
        int limit = (int) Math.sqrt((double) BUDGET / split.channels());
        if (limit < LARGEST_SIGNIFICAND) {
            throw new IllegalArgumentException(
                    split.channels() + " channels are too many for sums that are exact in FP32");
        }
        return generate(split, m, n, seed, limit, split.channels());
    }

    /**
     * Makes operands on which the FP8 tensor cores of sm_90a are exact as well, whose sums have 14 significant bits: most channels
     * of each row of A are zero, so that sums stay below 2^13 times their unit however many channels there are.
     *
     * @param m rows of A
     * @param n rows of B
     * @param seed equal seeds give equal operands
     */
    public static ExactOperands sparse(ChannelSplit split, int m, int n, long seed) {
        return generate(split, m, n, seed, LARGEST_SIGNIFICAND, SPARSE_CHANNELS);
    }

    /**
     * Compares bit for bit, as results on such operands can be, and finds the first difference; any NaN equals any other, zeros of different sign differ.
     *
     * @param columns columns of the matrix, to say where
     * @return the difference in words; empty if there is none
     */
    public static Optional<String> difference(float[] result, float[] expected, int columns) {
        if (result.length != expected.length) {
            return Optional.of("the result has " + result.length + " elements, not " + expected.length);
        }
        for (int i = 0; i < result.length; i++) {
            if (Float.floatToIntBits(result[i]) != Float.floatToIntBits(expected[i])) {
                return Optional.of("element (" + i / columns + ", " + i % columns + ") is " + result[i]
                        + ", but must be exactly " + expected[i]);
            }
        }
        return Optional.empty();
    }

    private static ExactOperands generate(ChannelSplit split, int m, int n, long seed, int limit, int nonzeroChannels) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] rowUnits = units(random, m);
        int[] columnUnits = units(random, n);
        int tilt = random.nextInt(-MAX_TILT, MAX_TILT + 1);
        PackedMatrix activation = operand(split, Side.ACTIVATION, moved(rowUnits, tilt), limit, random);
        if (nonzeroChannels < split.channels()) {
            thinOut(activation, split.channels(), nonzeroChannels, random);
        }
        PackedMatrix weight = operand(split, Side.WEIGHT, moved(columnUnits, -tilt), limit, random);
        float[] bias = new float[n];
        float[] residual = new float[Math.multiplyExact(m, n)];
        for (int column = 0; column < n; column++) {
            int unit = MIN_UNIT + UNITS - 1 + columnUnits[column];
            bias[column] = epilogueOperand(random, unit);
            for (int row = 0; row < m; row++) {
                residual[row * n + column] = epilogueOperand(random, unit);
            }
        }
        return new ExactOperands(activation, weight, bias, residual);
    }

    /** Leaves {@code nonzero} random channels of each row as they are and sets all others to zero. */
    private static void thinOut(PackedMatrix matrix, int channels, int nonzero, SplittableRandom random) {
        for (int row = 0; row < matrix.rows(); row++) {
            BitSet kept = new BitSet(channels);
            while (kept.cardinality() < nonzero) {
                kept.set(random.nextInt(channels));
            }
            int first = 0;
            for (PackedPartition partition : matrix.partitions()) {
                ElementFormat format = partition.format();
                byte[] codes = new byte[partition.channels()];
                int at = row * Math.toIntExact(CodePacking.bytes(format, partition.channels()));
                CodePacking.unpack(format, partition.codes(), at, codes.length, codes, 0);
                for (int channel = 0; channel < codes.length; channel++) {
                    if (!kept.get(first + channel)) {
                        codes[channel] = 0;
                    }
                }
                CodePacking.pack(format, codes, 0, codes.length, partition.codes(), at);
                first += partition.channels();
            }
        }
    }

    private static int[] units(SplittableRandom random, int rows) {
        return random.ints(rows, MIN_UNIT, MIN_UNIT + UNITS).toArray();
    }

    private static int[] moved(int[] units, int by) {
        return IntStream.of(units).map(unit -> unit + by).toArray();
    }

    private static float epilogueOperand(SplittableRandom random, int unit) {
        return Math.scalb((float) random.nextInt(-MAX_EXTRA, MAX_EXTRA + 1), unit);
    }

    private static PackedMatrix operand(
            ChannelSplit split, Side side, int[] units, int limit, SplittableRandom random) {
        Map<ElementFormat, CodeGrid> grids = new EnumMap<>(ElementFormat.class);
        List<PackedPartition> partitions = new ArrayList<>();
        for (Partition partition : split.partitions()) {
            ElementFormat format = side.format(partition.formats());
            CodeGrid grid = grids.computeIfAbsent(format, f -> new CodeGrid(f, limit));
            partitions.add(partition(partition, split.groups(), format, grid, units, random));
        }
        return new PackedMatrix(units.length, partitions);
    }

    private static PackedPartition partition(
            Partition partition,
            GroupLayout groups,
            ElementFormat format,
            CodeGrid grid,
            int[] units,
            SplittableRandom random) {
        int rows = units.length;
        byte[] codes = new byte[Math.toIntExact(rows * CodePacking.bytes(format, partition.channels()))];
        int rowScales = groups.count(partition.channels());
        byte[] scales = new byte[Math.multiplyExact(rows, rowScales)];
        byte[] group = new byte[groups.size()];
        for (int i = 0; i < scales.length; i++) {
            int exponent = grid.scale(random);
            scales[i] = (byte) (127 + exponent + units[i / rowScales]);
            for (int j = 0; j < group.length; j++) {
                group[j] = (byte) grid.code(exponent, random);
            }
            CodePacking.pack(format, group, 0, group.length, codes, i * groups.bytes(format));
        }
        return new PackedPartition(format, groups, rows, partition.channels(), codes, scales);
    }
}
