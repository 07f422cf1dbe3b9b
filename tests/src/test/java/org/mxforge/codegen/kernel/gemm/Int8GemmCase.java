package org.mxforge.codegen.kernel.gemm;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToLongBiFunction;
import java.util.function.ToLongFunction;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;

/** A GEMM on random INT8 operands, the extremes among them, and what comes of it step by step. */
public final class Int8GemmCase {
    private final Int8GemmSpec spec;
    private final int m;
    private final int n;
    private final int k;
    private final byte[] a;
    private final byte[] b;
    private final float[] rowScales;
    private final float[] columnScales;
    private final float[] operand;

    public Int8GemmCase(Int8GemmSpec spec, int m, int n, int k) {
        this.spec = spec;
        this.m = m;
        this.n = n;
        this.k = k;
        SplittableRandom random = new SplittableRandom(m + n + k);
        a = codes(random, m * k);
        b = codes(random, n * k);
        rowScales = scales(random, m);
        columnScales = scales(random, n);
        operand = new float[spec.epilogue() == Epilogue.BIAS ? n : m * n];
        for (int i = 0; i < operand.length; i++) {
            operand[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
    }

    private static byte[] codes(SplittableRandom random, int count) {
        byte[] codes = new byte[count];
        for (int i = 0; i < count; i++) {
            // One in four is as large as it can be.
            codes[i] = (byte) (random.nextInt(4) == 0 ? 127 : random.nextInt(-127, 128));
        }
        return codes;
    }

    private static float[] scales(SplittableRandom random, int count) {
        float[] scales = new float[count];
        for (int i = 0; i < count; i++) {
            scales[i] = (float) Math.exp(random.nextDouble(-8, 0)) / 127;
        }
        return scales;
    }

    /**
     * Brings the operands onto a device.
     *
     * @param ints uploads 32-bit numbers
     * @param numbers uploads numbers of a type
     * @param d room for the result
     */
    public Int8GemmArguments arguments(
            ToLongFunction<int[]> ints, ToLongBiFunction<ScalarType, float[]> numbers, long d) {
        return new Int8GemmArguments(
                m,
                n,
                k,
                ints.applyAsLong(tiles(a, m)),
                ints.applyAsLong(tiles(b, n)),
                numbers.applyAsLong(ScalarType.FP32, rowScales),
                numbers.applyAsLong(ScalarType.FP32, columnScales),
                switch (spec.epilogue().operand()) {
                    case NONE -> 0;
                    case COLUMNS -> numbers.applyAsLong(ScalarType.BF16, operand);
                    case MATRIX -> numbers.applyAsLong(spec.output(), operand);
                },
                d);
    }

    /** What is beyond the rows must not matter. */
    private int[] tiles(byte[] codes, int rows) {
        byte[] tiles = new byte[(int) Int8Tile.bytes(rows, k)];
        Arrays.fill(tiles, (byte) 99);
        for (int row = 0; row < rows; row++) {
            for (int channel = 0; channel < (k + 127) / 128 * 128; channel++) {
                tiles[(int) Int8Tile.offset(row, channel, k)] = channel < k ? codes[row * k + channel] : 0;
            }
        }
        int[] words = new int[tiles.length / Integer.BYTES];
        ByteBuffer.wrap(tiles).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }

    /** D, [m][n]: bit for bit, but where the epilogue has an exponential. */
    public float[] expected() {
        int columns = spec.epilogue().columns(n);
        float[] d = new float[m * columns];
        for (int row = 0; row < m; row++) {
            for (int column = 0; column < columns; column++) {
                float value = end(row, column);
                d[row * columns + column] =
                        spec.output() == ScalarType.BF16 ? Bfloat16.toFloat(Bfloat16.fromFloat(value)) : value;
            }
        }
        return d;
    }

    private float end(int row, int column) {
        int at = row * n + column;
        return switch (spec.epilogue()) {
            case NONE -> scaled(row, column);
            case BIAS -> scaled(row, column) + operand[column];
            case RESIDUAL -> scaled(row, column) + operand[at];
            case SILU_MUL -> (float) (silu(scaled(row, column)) * operand[at]);
            case SWIGLU -> (float) (silu(scaled(row, Epilogue.gateRow(column))) * scaled(row, Epilogue.upRow(column)));
        };
    }

    private static double silu(float x) {
        return x / (1 + Math.exp(-x));
    }

    private float scaled(int row, int column) {
        int sum = 0;
        for (int channel = 0; channel < k; channel++) {
            sum += a[row * k + channel] * b[column * k + channel];
        }
        return sum * (rowScales[row] * columnScales[column]);
    }

    /** How many numbers the result has. */
    public int results() {
        return m * spec.epilogue().columns(n);
    }
}
