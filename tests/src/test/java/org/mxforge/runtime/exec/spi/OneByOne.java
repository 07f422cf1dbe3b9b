package org.mxforge.runtime.exec.spi;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.exec.spi.Experts.Weights.Part;

/** What experts are to do, said with a backend's plainest operations: each expert for itself, each layer with its own input. */
final class OneByOne {
    private OneByOne() {}

    static void accumulate(
            Backend backend, Experts.Weights weights, int perToken, Matrix x, Matrix scores, Matrix residual) {
        float[] values = backend.download(scores);
        for (int expert = 0; expert < weights.experts(); expert++) {
            int chosen = expert;
            int[] rows = IntStream.range(0, x.rows())
                    .filter(row -> Arrays.stream(best(values, row, weights.experts(), perToken))
                            .anyMatch(e -> e == chosen))
                    .toArray();
            if (rows.length > 0) {
                float[] shares = new float[rows.length];
                for (int i = 0; i < rows.length; i++) {
                    shares[i] = share(values, rows[i], weights.experts(), perToken, expert);
                }
                Matrix gathered = backend.activations(rows.length, x.columns());
                backend.gatherRows(x, rows, gathered);
                int intermediate = weights.read(expert, Part.GATE).outputs();
                Matrix gateAndUp = backend.activations(rows.length, 2 * intermediate);
                LinearInput.Step none = new LinearInput.Step.None();
                multiply(backend, weights.read(expert, Part.GATE), none, gathered, gateAndUp, 0);
                multiply(backend, weights.read(expert, Part.UP), none, gathered, gateAndUp, intermediate);
                Matrix out = backend.activations(rows.length, x.columns());
                multiply(backend, weights.read(expert, Part.DOWN), new LinearInput.Step.SiluMul(), gateAndUp, out, 0);
                backend.scatterAddRows(out, rows, shares, residual);
            }
        }
    }

    private static void multiply(
            Backend backend, Linear.Weight weight, LinearInput.Step step, Matrix x, Matrix out, int column) {
        Linear layer = weight.on(backend, null);
        try (LinearInput input = backend.input(layer, step, x)) {
            backend.linearSection(layer, input, Epilogue.NONE, out, column);
        }
    }

    /** Best first. */
    private static int[] best(float[] scores, int row, int experts, int perToken) {
        return IntStream.range(0, experts)
                .boxed()
                .sorted(Comparator.comparingDouble(e -> -scores[row * experts + e]))
                .limit(perToken)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static float share(float[] scores, int row, int experts, int perToken, int expert) {
        int[] best = best(scores, row, experts, perToken);
        double largest = scores[row * experts + best[0]];
        double sum = 0;
        for (int other : best) {
            sum += Math.exp(scores[row * experts + other] - largest);
        }
        return (float) (Math.exp(scores[row * experts + expert] - largest) / sum);
    }
}
