package org.mxforge.runtime.check;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleCodec;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.Fp64FactorArguments;
import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.dsl.launch.MxRoundArguments;
import org.mxforge.dsl.layout.GroupFormats;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Fp64FactorSpec;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxRoundSpec;
import org.mxforge.dsl.spec.Side;

/** Kernels in FP64, which round weights in the light of their inputs. */
final class Fp64Trials {
    private static final int GROUP = GroupLayout.GROUP;

    private Fp64Trials() {}

    /** Formats of groups, at random. */
    private static List<ElementFormat> formats(int groups, SplittableRandom random) {
        ElementFormat[] all = ElementFormat.values();
        return IntStream.range(0, groups)
                .mapToObj(i -> all[random.nextInt(all.length)])
                .toList();
    }

    /** Blocks of matrices that are positive definite. */
    record Fp64Factor() implements Trial {
        @Override
        public List<Extent> extents() {
            return List.of(Extent.of("size", 96, 2, 2, 200));
        }

        @Override
        public Set<Data> data() {
            return EnumSet.of(Data.RANDOM);
        }

        @Override
        public boolean isExact(KernelSpec unused, Data data) {
            return false;
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int size = of.sizes().get("size");
            int block = Fp64FactorSpec.SIZE;
            Draw draw = Draw.of(of);
            int first = block * draw.random().nextInt((size + block - 1) / block);
            int rows = Math.min(block, size - first);
            double[] matrix = new double[size * size];
            double[][] inverse = new double[block][block];
            for (int i = 0; i < block; i++) {
                inverse[i][i] = 1;
            }
            // L of which each row is known; M = L^T L, and L^-1 by elimination.
            double[][] lower = new double[rows][rows];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < i; j++) {
                    lower[i][j] = draw.gaussian() / rows;
                }
                lower[i][i] = 0.5 + draw.random().nextDouble();
            }
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < rows; j++) {
                    for (int step = 0; step < rows; step++) {
                        matrix[(first + i) * size + first + j] += lower[step][i] * lower[step][j];
                    }
                }
            }
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < i; j++) {
                    for (int c = 0; c <= j; c++) {
                        inverse[i][c] -= lower[i][j] * inverse[j][c];
                    }
                }
                for (int c = 0; c <= i; c++) {
                    inverse[i][c] /= lower[i][i];
                }
            }
            double[] root = new double[size * size];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j <= i; j++) {
                    root[(first + j) * size + first + i] = inverse[i][j];
                }
            }
            double[] found =
                    Arrays.stream(inverse).flatMapToDouble(Arrays::stream).toArray();
            long inverted = operands.room("inverse", Double.BYTES * (long) found.length);
            long roots = operands.doubles("root", new double[root.length]);
            long failed = operands.ints("failed", 0);
            return new Launched(
                    new Fp64FactorArguments(size, first, operands.doubles("matrix", matrix), inverted, roots, failed),
                    Wanted.ofDoubles("inverse", inverted, block, found).within(same(1e-9, found.length)),
                    Wanted.ofDoubles("root", roots, size, root).within(same(1e-9, root.length)),
                    Wanted.ofInts("failed", failed, 1, 0));
        }

        private static double[] same(double value, int count) {
            double[] values = new double[count];
            Arrays.fill(values, value);
            return values;
        }
    }

    /** What becomes of rows, to the bit. */
    record Fp64Rows(Fp64RowsSpec spec) implements Trial {
        @Override
        public List<Extent> extents() {
            return List.of(Extent.any("rows", 5, 150), Extent.of("columns", 288, GROUP, GROUP, 600));
        }

        @Override
        public Set<Data> data() {
            return EnumSet.complementOf(EnumSet.of(Data.EXACT));
        }

        @Override
        public boolean isExact(KernelSpec unused, Data data) {
            return true;
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] x = draw.numbers(spec.source(), rows * columns);
            int[] order = draw.order(columns);
            List<ElementFormat> formats = formats(columns / GROUP, draw.random());
            double[] values = new double[x.length];
            float[] group = new float[GROUP];
            for (int first = 0; first < values.length; first += GROUP) {
                for (int i = 0; i < GROUP; i++) {
                    group[i] = x[first / columns * columns + order[first % columns + i]];
                }
                spec.transform().apply(Side.ACTIVATION, group);
                ElementFormat format = formats.get(first % columns / GROUP);
                spec.rule().ifPresent(rule -> round(group, format, rule));
                for (int i = 0; i < GROUP; i++) {
                    values[first + i] = group[i];
                }
            }
            long y = operands.room("y", Double.BYTES * (long) values.length);
            return new Launched(
                    new Fp64RowsArguments(
                            rows,
                            columns,
                            spec.layout() == OperandLayout.PLAIN
                                    ? operands.numbers("x", spec.source(), x)
                                    : operands.bytes("x", DenseGemmTrial.tiles(x, rows, columns)),
                            operands.ints("order", order),
                            operands.ints(
                                    "formats",
                                    GroupFormats.of(formats, spec.rule().orElse(ScaleRule.CEIL))),
                            y),
                    Wanted.ofDoubles("y", y, columns, values));
        }

        private static void round(float[] group, ElementFormat format, ScaleRule rule) {
            int bits = 0;
            for (float value : group) {
                bits = Math.max(bits, Float.floatToRawIntBits(value) & Integer.MAX_VALUE);
            }
            int scale = rule.scale(Float.intBitsToFloat(bits), format);
            for (int i = 0; i < group.length; i++) {
                group[i] = value(group[i] * ScaleCodec.reciprocal(scale), format, scale);
            }
        }
    }

    private static float value(float scaled, ElementFormat format, int scale) {
        return format.decode(format.encode(scaled)) * ScaleCodec.decode(scale);
    }

    /** A block of columns, one after the other. */
    record MxRound() implements Trial {
        @Override
        public List<Extent> extents() {
            return List.of(Extent.any("rows", 11, 40), Extent.of("columns", 192, GROUP, GROUP, 320));
        }

        @Override
        public Set<Data> data() {
            return EnumSet.of(Data.RANDOM, Data.ZEROS, Data.WINDOW);
        }

        @Override
        public boolean isExact(KernelSpec unused, Data data) {
            return false;
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            int block = MxRoundSpec.COLUMNS;
            Draw draw = Draw.of(of);
            int first = block * draw.random().nextInt((columns + block - 1) / block);
            int width = Math.min(block, columns - first);
            float[] drawn = draw.numbers(ScalarType.FP32, rows * columns);
            double[] weight = IntStream.range(0, drawn.length)
                    .mapToDouble(i -> drawn[i] + 0x1p-40 * draw.gaussian())
                    .toArray();
            double[] root = new double[columns * columns];
            for (int i = 0; i < columns; i++) {
                for (int j = i; j < columns; j++) {
                    root[i * columns + j] = i == j ? 0.5 + draw.random().nextDouble() : 0.1 * draw.gaussian();
                }
            }
            List<ElementFormat> formats = formats(columns / GROUP, draw.random());
            byte[] codes = new byte[weight.length];
            byte[] scales = new byte[rows * columns / GROUP];
            double[] errors = new double[rows * block];
            for (int row = 0; row < rows; row++) {
                double[] values = Arrays.copyOfRange(weight, row * columns, (row + 1) * columns);
                for (int column = first; column < first + width; column++) {
                    ElementFormat format = formats.get(column / GROUP);
                    int at = (row * columns + column) / GROUP;
                    if (column % GROUP == 0) {
                        scales[at] = (byte) bestScale(values, column, format);
                    }
                    int scale = scales[at] & 0xff;
                    int code = format.encode((float) (values[column] * ScaleCodec.reciprocal(scale)));
                    double rounded = (double) format.decode(code) * ScaleCodec.decode(scale);
                    double error = (values[column] - rounded) / root[column * columns + column];
                    for (int j = column + 1; j < columns; j++) {
                        values[j] -= error * root[column * columns + j];
                    }
                    codes[row * columns + column] = (byte) code;
                    errors[row * block + column - first] = error;
                }
            }
            double[] allowed = new double[errors.length];
            Arrays.fill(allowed, 1e-9);
            long code = operands.zeros("codes", codes.length);
            long scale = operands.zeros("scales", scales.length);
            long error = operands.zeros("errors", Double.BYTES * (long) errors.length);
            return new Launched(
                    new MxRoundArguments(
                            rows,
                            columns,
                            first,
                            operands.doubles("weight", weight),
                            operands.doubles("root", root),
                            operands.ints("formats", GroupFormats.of(formats, ScaleRule.CEIL)),
                            code,
                            scale,
                            error),
                    Wanted.ofBytes("codes", code, columns, codes),
                    Wanted.ofBytes("scales", scale, columns / GROUP, scales),
                    Wanted.ofDoubles("errors", error, block, errors).within(allowed));
        }

        private static int bestScale(double[] values, int at, ElementFormat format) {
            float largest = 0;
            for (int i = at; i < at + GROUP; i++) {
                largest = Math.max(largest, Math.abs((float) values[i]));
            }
            int usual = ScaleRule.CEIL.scale(largest, format);
            int best = usual;
            double least = Double.POSITIVE_INFINITY;
            for (int scale = usual + 1; scale >= usual - 2; scale--) {
                double sum = 0;
                for (int i = at; i < at + GROUP; i++) {
                    double error =
                            value((float) values[i] * ScaleCodec.reciprocal(scale), format, scale) - (float) values[i];
                    sum += error * error;
                }
                if (sum < least) {
                    least = sum;
                    best = scale;
                }
            }
            return best;
        }
    }
}
