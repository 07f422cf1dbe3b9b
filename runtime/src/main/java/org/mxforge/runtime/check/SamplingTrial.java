package org.mxforge.runtime.check;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.spec.KernelSpec;

/** Tokens drawn from probabilities that are zero or one power of two, so that their sums are exact and ties many. */
record SamplingTrial() implements Trial {
    @Override
    public List<Extent> extents() {
        return List.of(Extent.any("rows", 5, 20), Extent.any("columns", 264, 2100));
    }

    @Override
    public Set<Data> data() {
        return EnumSet.of(Data.EXACT, Data.NONFINITE);
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
        float[] p = new float[rows * columns];
        float[] topP = new float[rows];
        float[] uniform = new float[rows];
        int[] expected = new int[rows];
        for (int row = 0; row < rows; row++) {
            fill(draw, of.data(), p, row * columns, columns);
            topP[row] = draw.of(0, 0.3f, 0.9f, 1);
            uniform[row] = draw.of(0, 0.25f, 0.5f, 0.99f);
            expected[row] = token(p, row * columns, columns, topP[row], uniform[row]);
        }
        // Who finds another token writes over the likeliest.
        long token = operands.rewritten("token", rows);
        return new Launched(
                new SamplingArguments(
                        rows,
                        columns,
                        operands.floats("topP", topP),
                        operands.floats("uniform", uniform),
                        operands.floats("p", p),
                        token),
                Wanted.ofInts("token", token, 1, expected));
    }

    private static void fill(Draw draw, Data data, float[] p, int from, int columns) {
        int sum = 0;
        for (int i = from; i < from + columns; i++) {
            p[i] = draw.random().nextInt(4) / 2;
            sum += p[i];
        }
        float scale = 1f / Integer.highestOneBit(Math.max(1, sum));
        for (int i = from; i < from + columns; i++) {
            p[i] *= scale;
            if (data == Data.NONFINITE && draw.random().nextInt(columns) < 2) {
                p[i] = Float.NaN;
            }
        }
    }

    /** The smallest set of the likeliest that has {@code topP} of the probability, and in it where {@code uniform} falls; -1 if none has any. */
    private static int token(float[] p, int from, int columns, float topP, float uniform) {
        int[] order = IntStream.range(from, from + columns)
                .filter(i -> p[i] > 0)
                .boxed()
                .sorted((a, b) -> Float.compare(p[b], p[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        if (order.length == 0) {
            return -1;
        }
        if (topP == 0) {
            return order[0] - from;
        }
        boolean[] kept = new boolean[columns];
        double sum = 0;
        for (int i = 0; i < order.length && sum < topP; i++) {
            kept[order[i] - from] = true;
            sum += p[order[i]];
        }
        double before = 0;
        for (int i = 0; i < columns; i++) {
            before += kept[i] ? p[from + i] : 0;
            if (kept[i] && before > uniform * sum) {
                return i;
            }
        }
        throw new IllegalStateException("no token");
    }
}
