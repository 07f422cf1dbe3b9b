package org.mxforge.runtime.check;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Fp64GemmArguments;
import org.mxforge.dsl.spec.Fp64GemmSpec;
import org.mxforge.dsl.spec.KernelSpec;

/** Products in FP64: of whole numbers, to the bit; and of others within what their roundings come to. */
record Fp64GemmTrial(Fp64GemmSpec spec) implements Trial {
    /** What a rounding is off at most, relatively. */
    private static final double HALF_STEP = 0x1p-53;

    @Override
    public List<Extent> extents() {
        return List.of(Extent.of("m", 40, 2, 2, 150), Extent.of("n", 72, 2, 2, 150), Extent.of("k", 96, 2, 2, 200));
    }

    @Override
    public Set<Data> data() {
        return EnumSet.of(Data.EXACT, Data.RANDOM, Data.ZEROS, Data.WINDOW);
    }

    @Override
    public boolean isExact(KernelSpec unused, Data data) {
        return data == Data.EXACT;
    }

    /** A matrix in rows that are further apart than it is wide. */
    private record Padded(double[] values, int stride) {
        static Padded of(Draw draw, int rows, int columns) {
            int stride = columns + 2 * draw.random().nextInt(3);
            double[] values = new double[rows * stride];
            float[] drawn = draw.numbers(ScalarType.FP32, values.length);
            Arrays.setAll(values, i -> drawn[i]);
            return new Padded(values, stride);
        }

        double at(int row, int column) {
            return values[row * stride + column];
        }

        /** Zeros where {@code row > column}. */
        void upper() {
            for (int i = 0; i < values.length; i++) {
                if (i / stride > i % stride) {
                    values[i] = 0;
                }
            }
        }
    }

    @Override
    public Launched launch(CheckCase of, Operands operands) {
        int m = of.sizes().get("m");
        int n = of.sizes().get("n");
        int k = of.sizes().get("k");
        Draw draw = Draw.of(of);
        int[] triangles = draw.random().ints(3, 0, 2).toArray();
        Padded a = spec.transposed() ? Padded.of(draw, k, m) : Padded.of(draw, m, k);
        if (triangles[1] == 1) {
            for (int i = 0; i < m * k; i++) {
                if (i / m > i % m) {
                    a.values[spec.transposed() ? i / m * a.stride + i % m : i % m * a.stride + i / m] = 0;
                }
            }
        }
        Padded b = Padded.of(draw, k, n);
        if (triangles[2] == 1) {
            b.upper();
        }
        Padded d = Padded.of(draw, m, n);
        double[] values = d.values.clone();
        double[] allowed = new double[values.length];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                double magnitude = Math.abs(d.at(i, j));
                for (int step = 0; step < k; step++) {
                    double product = (spec.transposed() ? a.at(step, i) : a.at(i, step)) * b.at(step, j);
                    sum += product;
                    magnitude += Math.abs(product);
                }
                int at = i * d.stride + j;
                values[at] = switch (spec.sum()) {
                    case SET -> sum;
                    case ADD -> values[at] + sum;
                    case SUBTRACT -> values[at] - sum;
                };
                boolean wanted = triangles[0] == 0 || j <= i;
                allowed[at] = wanted ? 2 * k * HALF_STEP * magnitude : Double.POSITIVE_INFINITY;
                if (of.data() == Data.EXACT && wanted) {
                    allowed[at] = 0;
                }
            }
        }
        long result = operands.doubles("d", d.values);
        return new Launched(
                new Fp64GemmArguments(
                        m,
                        n,
                        k,
                        operands.doubles("a", a.values),
                        a.stride,
                        operands.doubles("b", b.values),
                        b.stride,
                        result,
                        d.stride,
                        triangles[0],
                        triangles[1],
                        triangles[2]),
                Wanted.ofDoubles("d", result, d.stride, values).within(allowed));
    }
}
