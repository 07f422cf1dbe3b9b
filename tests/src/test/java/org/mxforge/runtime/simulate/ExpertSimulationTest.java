package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.normal;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.runtime.oracle.ExpertOrder;

/** The way of tokens to experts and back in the simulator. */
class ExpertSimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @Test
    void choosesTheBest() {
        int rows = 9;
        int experts = 40;
        int perToken = 3;
        float[] scores = normal(1, rows * experts);
        int[] expected = new int[rows * perToken];
        for (int row = 0; row < rows; row++) {
            int from = row * experts;
            int[] best = IntStream.range(0, experts)
                    .boxed()
                    .sorted((a, b) -> Float.compare(scores[from + b], scores[from + a]))
                    .limit(perToken)
                    .mapToInt(Integer::intValue)
                    .sorted()
                    .toArray();
            System.arraycopy(best, 0, expected, row * perToken, perToken);
        }
        long chosen = gpu.room(ScalarType.FP32, expected.length);
        long shares = gpu.room(ScalarType.FP32, expected.length);
        gpu.launch(
                variant(new ExpertChoiceSpec()),
                new ExpertChoiceArguments(rows, experts, perToken, gpu.floats(scores), chosen, shares));
        assertThat(gpu.readInts(chosen)).isEqualTo(expected);
        float[] given = gpu.read(ScalarType.FP32, shares);
        for (int i = 0; i < expected.length; i++) {
            int row = i / perToken;
            double sum = 0;
            for (int j = 0; j < perToken; j++) {
                sum += Math.exp(scores[row * experts + expected[row * perToken + j]]);
            }
            assertThat((double) given[i]).isCloseTo(Math.exp(scores[row * experts + expected[i]]) / sum, within(1e-6));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 8, 2", "16, 8, 2", "31, 5, 5", "300, 8, 2", "700, 60, 4"})
    void ordersTokensByExpert(int rows, int experts, int perToken) {
        ExpertTiles form = ExpertTiles.MANY;
        Random random = new Random(rows);
        int[] chosen = new int[rows * perToken];
        for (int row = 0; row < rows; row++) {
            int[] own =
                    random.ints(0, experts).distinct().limit(perToken).sorted().toArray();
            System.arraycopy(own, 0, chosen, row * perToken, perToken);
        }
        // Two more than can be needed, so that there is an end to mark.
        int tiles = form.most(rows, perToken, experts) + 2;
        ExpertOrder expected = ExpertOrder.of(form, chosen, perToken, experts, tiles);
        long routes = gpu.room(ScalarType.FP32, 2 * tiles);
        long tokens = gpu.room(ScalarType.FP32, form.rows() * tiles);
        long permutation = gpu.room(ScalarType.FP32, chosen.length);
        gpu.launch(
                variant(new ExpertOrderSpec()),
                new ExpertOrderArguments(
                        rows, experts, perToken, tiles, gpu.ints(chosen), routes, tokens, permutation));
        assertThat(gpu.readInts(routes)).isEqualTo(expected.routes());
        assertThat(gpu.readInts(tokens)).isEqualTo(expected.tokens());
        assertThat(gpu.readInts(permutation)).isEqualTo(expected.permutation());
    }

    @Test
    void addsTheOutputsOfAllExpertsInOrder() {
        int columns = 264;
        int[] permutation = {8, 3, 0, 9, 6, 4};
        int perToken = 2;
        float[] shares = normal(2, permutation.length);
        float[] x = normal(3, 10 * columns);
        float[] y = normal(4, 3 * columns);
        float[] sums = y.clone();
        for (int i = 0; i < permutation.length * columns; i++) {
            int at = i / columns / perToken * columns + i % columns;
            sums[at] = Math.fma(shares[i / columns], x[permutation[i / columns] * columns + i % columns], sums[at]);
        }
        long result = gpu.floats(y);
        gpu.launch(
                variant(new ExpertSumSpec(ScalarType.FP32)),
                new ExpertSumArguments(
                        3, columns, perToken, gpu.ints(permutation), gpu.floats(shares), gpu.bf16(x), result));
        assertThat(gpu.read(ScalarType.FP32, result)).isEqualTo(sums);
    }
}
