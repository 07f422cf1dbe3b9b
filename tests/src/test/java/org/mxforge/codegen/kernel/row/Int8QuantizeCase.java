package org.mxforge.codegen.kernel.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.ToLongBiFunction;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.Prologue;

/** Rows to be quantized to INT8: random ones, one of zeros, one with an infinity. */
public final class Int8QuantizeCase {
    private static final float EPSILON = 1e-5f;
    private static final int ZEROS = 1;
    private static final int INFINITE = 2;

    private final Int8QuantizeSpec spec;
    private final int rows;
    private final int columns;
    private final float[] x;
    private final float[] weight;

    /** @param rows at least 3 */
    public Int8QuantizeCase(Int8QuantizeSpec spec, int rows, int columns) {
        this.spec = spec;
        this.rows = rows;
        this.columns = columns;
        Random random = new Random(columns);
        x = normal(random, rows * width());
        weight = normal(random, columns);
        for (int i = 0; i < width(); i++) {
            x[ZEROS * width() + i] = 0;
        }
        x[INFINITE * width() + 1] = Float.POSITIVE_INFINITY;
    }

    private int width() {
        return spec.prologue() == Prologue.SILU_MUL ? 2 * columns : columns;
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        return values;
    }

    /** {@code numbers} uploads numbers of a type. */
    public Int8QuantizeArguments arguments(ToLongBiFunction<ScalarType, float[]> numbers, long codes, long scales) {
        return new Int8QuantizeArguments(
                rows,
                columns,
                numbers.applyAsLong(spec.source(), x),
                spec.prologue() == Prologue.RMSNORM ? numbers.applyAsLong(ScalarType.BF16, weight) : 0,
                EPSILON,
                codes,
                scales);
    }

    /** Bytes of the codes. */
    public int bytes() {
        return (int) Int8Tile.bytes(rows, columns);
    }

    /** Numbers of scales. */
    public int scales() {
        return rows;
    }

    /** Makes sure that a kernel came to {@code codes} and {@code scales}; without a prologue to these alone. */
    public void check(byte[] codes, float[] scales) {
        for (int row = 0; row < rows; row++) {
            if (row == INFINITE) {
                assertThat(scales[row])
                        .as("scale of a row that is not finite")
                        .matches(scale -> !Float.isFinite(scale));
                continue;
            }
            for (int i = columns; i % 128 != 0; i++) {
                assertThat(codes[(int) Int8Tile.offset(row, i, columns)])
                        .as("padding")
                        .isZero();
            }
            double[] values = values(row);
            double largest = 0;
            for (double value : values) {
                largest = Math.max(largest, Math.abs(value));
            }
            float scale = (float) largest / 127;
            boolean exact = spec.prologue() == Prologue.NONE;
            assertThat((double) scales[row]).isCloseTo(scale, within(exact ? 0 : 1e-5 * scale));
            for (int i = 0; i < columns; i++) {
                double quotient = scale == 0 ? 0 : exact ? (float) values[i] / scale : values[i] / scale;
                assertThat((double) codes[(int) Int8Tile.offset(row, i, columns)])
                        .as("row " + row + " channel " + i)
                        .isCloseTo(exact ? Math.rint(quotient) : quotient, within(exact ? 0 : 0.5 + 1e-3));
            }
        }
    }

    private double[] values(int row) {
        double[] values = new double[columns];
        double squares = 0;
        for (int i = 0; i < columns; i++) {
            squares += (double) x[row * width() + i] * x[row * width() + i];
        }
        for (int i = 0; i < columns; i++) {
            float value = x[row * width() + i];
            values[i] = switch (spec.prologue()) {
                case NONE -> value;
                case RMSNORM -> value / Math.sqrt(squares / columns + EPSILON) * weight[i];
                case SILU_MUL -> value / (1 + Math.exp(-value)) * x[row * width() + columns + i];
                case RMSNORM_CENTRED -> throw new IllegalStateException("INT8 takes no centre off");
            };
        }
        return values;
    }
}
