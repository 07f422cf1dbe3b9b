package org.mxforge.runtime.check;

import static org.mxforge.dsl.format.ScalarType.BF16;
import static org.mxforge.dsl.format.ScalarType.FP32;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.SiluMulSpec;

/** Kernels that compute rows, against their formulas in FP64. */
final class RowTrials {
    private static final float EPSILON = 1e-5f;

    /** Of a few FP32 operations and approximate functions. */
    private static final double FEW = 0x1p-19;

    /** Of exponentials, whose arguments are rounded before. */
    private static final double EXPONENTIAL = 0x1p-14;

    private RowTrials() {}

    /** Kernels of rows and columns, none of whose results leave no rounding open. */
    private interface Rows extends RowTrial {
        @Override
        default boolean isExact(KernelSpec unused, Data data) {
            return false;
        }
    }

    /** Rows that are plain or, where a product reads them, in tiles, whose padding stays. */
    private static Wanted y(OperandLayout layout, int rows, int columns, double[] values, long y) {
        Wanted wanted = Wanted.of("y", y, BF16, columns, values).within(Rounding.of(BF16, values, FEW));
        return layout == OperandLayout.PLAIN ? wanted : wanted.at(i -> DenseGemmTrial.place(i, columns));
    }

    private static long roomForY(OperandLayout layout, int rows, int columns, Operands operands) {
        return layout == OperandLayout.PLAIN
                ? operands.room("y", BF16, (long) rows * columns)
                : operands.zeros("y", Bf16Tile.bytes(rows, columns));
    }

    static double norm(float[] x, int from, int columns, float epsilon) {
        double squares = 0;
        for (int i = from; i < from + columns; i++) {
            squares += (double) x[i] * x[i];
        }
        return 1 / Math.sqrt(squares / columns + epsilon);
    }

    record RmsNorm(RmsNormSpec spec) implements Rows {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] x = draw.numbers(spec.source(), rows * columns);
            float[] weight = draw.normal(columns);
            float[] centre = spec.centred() ? draw.normal(columns) : new float[columns];
            double[] values = new double[x.length];
            for (int i = 0; i < x.length; i++) {
                double normed = x[i] * norm(x, i / columns * columns, columns, EPSILON) * weight[i % columns];
                values[i] = normed - centre[i % columns];
            }
            long y = roomForY(spec.layout(), rows, columns, operands);
            return new Launched(
                    new RmsNormArguments(
                            rows,
                            columns,
                            operands.numbers("x", spec.source(), x),
                            operands.bf16("weight", weight),
                            spec.centred() ? operands.bf16("centre", centre) : 0,
                            EPSILON,
                            y),
                    y(spec.layout(), rows, columns, values, y));
        }
    }

    static double silu(double x) {
        return x / (1 + Math.exp(-x));
    }

    record SiluMul(SiluMulSpec spec) implements Rows {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            float[] x = Draw.of(of).numbers(BF16, 2 * rows * columns);
            double[] values = new double[rows * columns];
            for (int i = 0; i < values.length; i++) {
                int at = i / columns * 2 * columns + i % columns;
                values[i] = silu(x[at]) * x[at + columns];
            }
            long y = roomForY(spec.layout(), rows, columns, operands);
            return new Launched(
                    new SiluMulArguments(rows, columns, operands.bf16("x", x), y),
                    y(spec.layout(), rows, columns, values, y));
        }
    }

    /** Any number of columns; logits that are not finite have no probabilities to compare. */
    private interface Logits extends Rows {
        @Override
        default List<Extent> extents() {
            return List.of(Extent.any("rows", 5, 20), Extent.any("columns", 264, 2100));
        }

        @Override
        default Set<Data> data() {
            return EnumSet.complementOf(EnumSet.of(Data.EXACT, Data.NONFINITE));
        }

        /** Rows of small logits and of such that FP32 does not hold the exponential of. */
        default float[] logits(Draw draw, int rows, int columns) {
            float[] logits = draw.numbers(FP32, rows * columns);
            for (int row = 0; row < rows; row++) {
                float size = draw.of(1, 8, 100);
                for (int i = row * columns; i < (row + 1) * columns; i++) {
                    logits[i] *= size;
                }
            }
            return logits;
        }

        default double largest(float[] logits, int from, int count) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = from; i < from + count; i++) {
                largest = Math.max(largest, logits[i]);
            }
            return largest;
        }
    }

    record Softmax() implements Logits {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] x = logits(draw, rows, columns);
            float[] temperatures = new float[rows];
            double[] values = new double[x.length];
            for (int row = 0; row < rows; row++) {
                temperatures[row] = draw.of(0.7f, 1, 2.5f);
                double largest = largest(x, row * columns, columns);
                double sum = 0;
                for (int i = row * columns; i < (row + 1) * columns; i++) {
                    values[i] = Math.exp((x[i] - largest) / temperatures[row]);
                    sum += values[i];
                }
                for (int i = row * columns; i < (row + 1) * columns; i++) {
                    values[i] /= sum;
                }
            }
            long p = operands.room("p", FP32, x.length);
            return new Launched(
                    new SoftmaxArguments(
                            rows, columns, operands.floats("temperatures", temperatures), operands.floats("x", x), p),
                    Wanted.of("p", p, FP32, columns, values).within(Rounding.of(FP32, values, EXPONENTIAL)));
        }
    }

    record CrossEntropy() implements Logits {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] logits = logits(draw, rows, columns);
            int[] targets = draw.random().ints(rows, 0, columns).toArray();
            double[] values = new double[3 * rows];
            for (int row = 0; row < rows; row++) {
                double largest = largest(logits, row * columns, columns);
                values[3 * row] = largest;
                for (int i = row * columns; i < (row + 1) * columns; i++) {
                    values[3 * row + 1] += Math.exp(logits[i] - largest);
                }
                values[3 * row + 2] = logits[row * columns + targets[row]];
            }
            long state = operands.room("state", FP32, values.length);
            return new Launched(
                    new CrossEntropyArguments(
                            rows,
                            columns,
                            0,
                            operands.floats("logits", logits),
                            operands.ints("targets", targets),
                            state),
                    Wanted.of("state", state, FP32, 3, values).within(Rounding.of(FP32, values, EXPONENTIAL)));
        }
    }

    /** Rows to INT8 with a scale each; without a prologue to the bit. */
    record Int8Quantize(Int8QuantizeSpec spec) implements Rows {
        /** Scales are a row's largest magnitude over this. */
        private static final int LARGEST_CODE = 127;

        @Override
        public List<Extent> extents() {
            return List.of(Extent.any("rows", 5, 140), Extent.of("k", 96, 16, 16, 600));
        }

        /** A row that is not finite has a scale that is not, and any codes. */
        @Override
        public Set<Data> data() {
            return EnumSet.complementOf(EnumSet.of(Data.NONFINITE));
        }

        @Override
        public boolean isExact(KernelSpec unused, Data data) {
            return spec.prologue() == Prologue.NONE;
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("k");
            int width = spec.prologue() == Prologue.SILU_MUL ? 2 * columns : columns;
            Draw draw = Draw.of(of);
            float[] x = draw.numbers(spec.source(), rows * width);
            if (of.data() == Data.SUBNORMAL && spec.source() == FP32) {
                // In every second row so small that the scale has few bits.
                for (int i = 0; i < x.length; i++) {
                    x[i] = i / width % 2 == 0 ? x[i] : draw.random().nextInt(-300, 301) * Float.MIN_VALUE;
                }
            }
            float[] weight = draw.normal(columns);
            double[] codes = new double[rows * columns];
            double[] scales = new double[rows];
            boolean exact = isExact(spec, of.data());
            for (int row = 0; row < rows; row++) {
                double[] values = values(x, weight, row, columns, width);
                double largest = 0;
                for (double value : values) {
                    largest = Math.max(largest, Math.abs(value));
                }
                float scale = (float) largest / LARGEST_CODE;
                scales[row] = scale;
                for (int i = 0; i < columns; i++) {
                    double code = scale == 0 ? 0 : exact ? Math.rint((float) values[i] / scale) : values[i] / scale;
                    // Beside a subnormal scale it may come to more.
                    codes[row * columns + i] = Math.max(-LARGEST_CODE, Math.min(LARGEST_CODE, code));
                }
            }
            long bytes = Int8Tile.bytes(rows, columns);
            long tiles = operands.zeros("codes", bytes);
            long factors = operands.room("scales", FP32, rows);
            Wanted wantedCodes = Wanted.ofSigned("codes", tiles, columns, codes)
                    .at(i -> (int) Int8Tile.offset(i / columns, i % columns, columns));
            Wanted wantedScales = Wanted.of("scales", factors, FP32, rows, scales);
            return new Launched(
                    new Int8QuantizeArguments(
                            rows,
                            columns,
                            operands.numbers("x", spec.source(), x),
                            spec.prologue() == Prologue.RMSNORM ? operands.bf16("weight", weight) : 0,
                            EPSILON,
                            tiles,
                            factors),
                    exact ? wantedCodes : wantedCodes.within(codeRounding(codes.length)),
                    exact ? wantedScales : wantedScales.within(Rounding.of(FP32, scales, 1e-5)));
        }

        private static double[] codeRounding(int count) {
            double[] allowed = new double[count];
            java.util.Arrays.fill(allowed, 0.5 + 2e-3);
            return allowed;
        }

        private double[] values(float[] x, float[] weight, int row, int columns, int width) {
            double[] values = new double[columns];
            double norm = norm(x, row * width, columns, EPSILON);
            for (int i = 0; i < columns; i++) {
                float value = x[row * width + i];
                values[i] = switch (spec.prologue()) {
                    case NONE -> value;
                    case RMSNORM -> value * norm * weight[i];
                    case SILU_MUL -> silu(value) * x[row * width + columns + i];
                    case RMSNORM_CENTRED -> throw new IllegalStateException("INT8 takes no centre off");
                };
            }
            return values;
        }
    }
}
