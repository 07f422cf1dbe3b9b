package org.mxforge.runtime.tune.device;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntUnaryOperator;
import org.mxforge.dsl.layout.ContainerTile;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.runtime.oracle.ReferenceGemm;

/**
 * A GEMM on INT8 with its operands in host memory. Sums are integers, so that right kernels give the same bits on whatever operands.
 *
 * @param spec what is computed
 * @param shape its size
 * @param activation A, {@code [M][K]}
 * @param weight B, {@code [N][K]}
 * @param rowScales of A, {@code [M]}
 * @param columnScales of B, {@code [N]}
 * @param epilogueOperand what the epilogue wants: bias {@code [N]}, residual or up {@code [M][N]}, or nothing; exact in BF16
 */
record Int8GemmProblem(
        Int8GemmSpec spec,
        GemmShape shape,
        byte[] activation,
        byte[] weight,
        float[] rowScales,
        float[] columnScales,
        float[] epilogueOperand) {
    private static final int LARGEST = 127;

    /** One code in so many is the largest there is, so that sums use all of their bits. */
    private static final int EXTREMES = 4;

    /** What the integers that an epilogue gets are multiplied by, to be as large as the sums beside them. */
    private static final float OF_INTEGERS = 1f / 64;

    /** What rows beyond the last hold: they must not matter. */
    private static final byte BEYOND = 99;

    /** Channels that lie side by side in a tile. */
    private static final int PIECE = 16;

    /** Whether operands, whose tiles are padded, and results, in 4 bytes, fit into arrays of the host. */
    static boolean holds(GemmShape shape) {
        int k = shape.channels();
        return Int8Tile.bytes(shape.m(), k) <= Integer.MAX_VALUE
                && Int8Tile.bytes(shape.n(), k) <= Integer.MAX_VALUE
                && (long) shape.m() * shape.n() <= Integer.MAX_VALUE / Float.BYTES;
    }

    /** Operands of all codes, many of them the largest: what kernels are checked on. */
    static Int8GemmProblem extreme(Int8GemmSpec spec, GemmShape shape) {
        SplittableRandom random = new SplittableRandom(1);
        return of(spec, shape, random, bits -> {
            int code = (bits >>> 8) % (2 * LARGEST + 1) - LARGEST;
            return bits % EXTREMES == 0 ? LARGEST * Integer.signum(code) : code;
        });
    }

    /** Operands as rows of a model are quantized, for timing: most codes are small beside the largest of their row. */
    static Int8GemmProblem random(Int8GemmSpec spec, GemmShape shape) {
        SplittableRandom random = new SplittableRandom(2);
        // The sum of four even distributions is nearly normal.
        return of(
                spec,
                shape,
                random,
                bits -> (bits & 63) + (bits >>> 6 & 63) + (bits >>> 12 & 63) + (bits >>> 18 & 63) - 2 * 63);
    }

    /** @param code what 32 random bits become */
    private static Int8GemmProblem of(
            Int8GemmSpec spec, GemmShape shape, SplittableRandom random, IntUnaryOperator code) {
        float[] operand = EpilogueOperand.random(spec.epilogue(), shape, random);
        for (int i = 0; i < operand.length; i++) {
            operand[i] *= OF_INTEGERS;
        }
        return new Int8GemmProblem(
                spec,
                shape,
                codes(shape.m(), shape, random, code),
                codes(shape.n(), shape, random, code),
                scales(shape.m(), 1, random),
                scales(shape.n(), 1 / Math.sqrt(shape.channels()), random),
                operand);
    }

    private static byte[] codes(int rows, GemmShape shape, SplittableRandom random, IntUnaryOperator code) {
        byte[] codes = new byte[Math.multiplyExact(rows, shape.channels())];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) code.applyAsInt(random.nextInt());
        }
        return codes;
    }

    /** Beside them numbers are about as large as those that were quantized, within the bend of SiLU. */
    private static float[] scales(int rows, double size, SplittableRandom random) {
        float[] scales = new float[rows];
        for (int i = 0; i < rows; i++) {
            scales[i] = (float) (size * random.nextDouble(0.5, 2) / LARGEST);
        }
        return scales;
    }

    int channels() {
        return shape.channels();
    }

    byte[] activationTiles() {
        return tiles(activation, shape.m());
    }

    byte[] weightTiles() {
        return tiles(weight, shape.n());
    }

    private byte[] tiles(byte[] codes, int rows) {
        int k = channels();
        byte[] tiles = new byte[Math.toIntExact(Int8Tile.bytes(rows, k))];
        Arrays.fill(tiles, BEYOND);
        byte[] zeros = new byte[PIECE];
        int padded = ContainerTile.blocks(k) * ContainerTile.CHANNELS;
        for (int row = 0; row < rows; row++) {
            for (int from = 0; from < padded; from += PIECE) {
                int to = Math.toIntExact(Int8Tile.offset(row, from, k));
                System.arraycopy(from < k ? codes : zeros, from < k ? row * k + from : 0, tiles, to, PIECE);
            }
        }
        return tiles;
    }

    ResultCheck check() {
        ReferenceGemm reference = ReferenceGemm.integers(
                activation, weight, rowScales, columnScales, channels(), spec.epilogue(), epilogueOperand);
        return new ResultCheck(reference, spec.epilogue(), spec.output());
    }
}
