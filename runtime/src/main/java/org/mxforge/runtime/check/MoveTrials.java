package org.mxforge.runtime.check;

import static org.mxforge.dsl.format.ScalarType.BF16;
import static org.mxforge.dsl.format.ScalarType.FP32;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.launch.PartsArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.PartJoinSpec;
import org.mxforge.dsl.spec.PartSumSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;

/** Kernels that bring rows from place to place, or add them up where they come to. */
final class MoveTrials {
    private MoveTrials() {}

    private interface Rows extends RowTrial {
        @Override
        default boolean isExact(KernelSpec unused, Data data) {
            return true;
        }
    }

    /** Row {@code from} says of each; zeros for a negative one. */
    private static float[] picked(float[] rows, int[] index, int columns) {
        float[] picked = new float[index.length * columns];
        for (int i = 0; i < index.length; i++) {
            if (index[i] >= 0) {
                System.arraycopy(rows, index[i] * columns, picked, i * columns, columns);
            }
        }
        return picked;
    }

    record Embedding(EmbeddingSpec spec) implements Rows {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] table = draw.numbers(BF16, (rows + 3) * columns);
            int[] ids = draw.random().ints(rows, 0, rows + 3).toArray();
            long y = operands.room("y", spec.output(), (long) rows * columns);
            return new Launched(
                    new EmbeddingArguments(rows, columns, operands.ints("ids", ids), operands.bf16("table", table), y),
                    Wanted.of("y", y, spec.output(), columns, picked(table, ids, columns)));
        }
    }

    record RowGather(RowGatherSpec spec) implements Rows {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] x = draw.numbers(spec.type(), 4 * columns);
            int[] index = draw.random().ints(rows, -1, 4).toArray();
            long y = operands.room("y", spec.type(), (long) rows * columns);
            return new Launched(
                    new RowGatherArguments(
                            rows, columns, operands.ints("index", index), operands.numbers("x", spec.type(), x), y),
                    Wanted.of("y", y, spec.type(), columns, picked(x, index, columns)));
        }
    }

    /** What GPUs that share a model add up, one after the other, so that all bits are given. */
    record PartSum(PartSumSpec spec) implements Rows {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            float[] sums = draw.numbers(FP32, rows * columns);
            long y = operands.floats("y", sums);
            List<PartsArguments.Part> parts = new ArrayList<>();
            for (int part = 0; part < spec.parts(); part++) {
                float[] x = draw.numbers(FP32, rows * columns);
                parts.add(new PartsArguments.Part(operands.floats("x" + part, x)));
                for (int i = 0; i < x.length; i++) {
                    sums[i] += x[i];
                }
            }
            return new Launched(new PartsArguments(rows, columns, parts, y), Wanted.of("y", y, FP32, columns, sums));
        }
    }

    /** What they bring together, side by side. */
    record PartJoin(PartJoinSpec spec) implements Rows {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            int width = spec.parts() * columns;
            Draw draw = Draw.of(of);
            float[] whole = new float[rows * width];
            List<PartsArguments.Part> parts = new ArrayList<>();
            for (int part = 0; part < spec.parts(); part++) {
                float[] x = draw.numbers(BF16, rows * columns);
                parts.add(new PartsArguments.Part(operands.bf16("x" + part, x)));
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(x, row * columns, whole, row * width + part * columns, columns);
                }
            }
            long y = operands.room("y", BF16, whole.length);
            return new Launched(new PartsArguments(rows, columns, parts, y), Wanted.of("y", y, BF16, width, whole));
        }
    }

    /** Sums of products of a few terms: exact on whole numbers and factors that are powers of two. */
    private interface Sums extends Rows {
        @Override
        default Set<Data> data() {
            return EnumSet.complementOf(EnumSet.of(Data.NONFINITE));
        }

        @Override
        default boolean isExact(KernelSpec unused, Data data) {
            return data == Data.EXACT;
        }
    }

    private static float[] factors(Draw draw, Data data, int count) {
        float[] factors = draw.shares(count);
        for (int i = 0; i < count && data == Data.EXACT; i++) {
            factors[i] = draw.of(0.5f, 1, 2);
        }
        return factors;
    }

    /**
     * Rows of x times factors, added to rows of y.
     *
     * @param target the row of y for a row of the list
     */
    private static Wanted sums(
            Data data,
            ScalarType type,
            float[] y,
            float[] x,
            int[] source,
            float[] factors,
            ToIntFunction<Integer> target,
            int columns,
            long address) {
        double[] values = new double[y.length];
        double[] magnitudes = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            values[i] = y[i];
            magnitudes[i] = Math.abs(y[i]);
        }
        for (int i = 0; i < source.length * columns; i++) {
            int term = i / columns;
            int at = target.applyAsInt(term) * columns + i % columns;
            double product = (double) factors[term] * x[source[term] * columns + i % columns];
            values[at] += product;
            magnitudes[at] += Math.abs(product);
        }
        double[] allowed = new double[data == Data.EXACT ? 0 : y.length];
        for (int i = 0; i < allowed.length; i++) {
            // One rounding for each term, in FP32, and one at the end.
            allowed[i] = Rounding.of(type, values[i]) + 0x1p-20 * magnitudes[i] + Rounding.FLUSHED;
        }
        return Wanted.of("y", address, type, columns, values).within(allowed);
    }

    record RowScatterAdd(RowScatterAddSpec spec) implements Sums {
        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            Draw draw = Draw.of(of);
            int[] index = java.util.Arrays.copyOf(draw.order(rows + 3), rows);
            float[] weights = factors(draw, of.data(), rows);
            float[] x = draw.numbers(BF16, rows * columns);
            float[] y = draw.numbers(spec.output(), (rows + 3) * columns);
            long sums = operands.numbers("y", spec.output(), y);
            int[] source = java.util.stream.IntStream.range(0, rows).toArray();
            return new Launched(
                    new RowScatterAddArguments(
                            rows,
                            columns,
                            operands.ints("index", index),
                            operands.floats("weights", weights),
                            operands.bf16("x", x),
                            sums),
                    sums(of.data(), spec.output(), y, x, source, weights, i -> index[i], columns, sums));
        }
    }

    record ExpertSum(ExpertSumSpec spec) implements Sums {
        @Override
        public List<Extent> extents() {
            return List.of(
                    Extent.any("rows", 5, 40), Extent.of("columns", 264, 8, 8, 600), Extent.any("perToken", 2, 8));
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            int perToken = of.sizes().get("perToken");
            Draw draw = Draw.of(of);
            int[] places = draw.order(rows * perToken);
            float[] shares = factors(draw, of.data(), rows * perToken);
            float[] x = draw.numbers(BF16, rows * perToken * columns);
            float[] y = draw.numbers(spec.output(), rows * columns);
            long sums = operands.numbers("y", spec.output(), y);
            return new Launched(
                    new ExpertSumArguments(
                            rows,
                            columns,
                            perToken,
                            operands.ints("places", places),
                            operands.floats("shares", shares),
                            operands.bf16("x", x),
                            sums),
                    sums(of.data(), spec.output(), y, x, places, shares, i -> i / perToken, columns, sums));
        }
    }
}
