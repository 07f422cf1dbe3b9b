package org.mxforge.codegen.kernel.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.launch.ExpertRouteArguments;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertRouteSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.runtime.oracle.ExpertOrder;
import org.mxforge.tests.gpu.GpuWorkspace;
import org.mxforge.tests.gpu.Numbers;

/** The way of tokens to experts and back, for every block size. */
@Tag("gpu")
class ExpertKernelsGpuTest {
    /** Experts and experts of a token: Mixtral's, one alone, all of them, and many. */
    private static final int[][] EXPERTS = {{8, 2}, {1, 1}, {5, 5}, {60, 4}, {128, 8}, {1000, 32}};

    private GpuWorkspace gpu;

    @BeforeEach
    void open() {
        gpu = new GpuWorkspace();
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            gpu.close();
        }
    }

    private static KernelVariant variant(KernelSpec spec, int threads) {
        KernelVariant usual = KernelVariant.of(spec, GpuWorkspace.target());
        return KernelVariant.of(spec, usual.algorithm(), usual.target(), new RowTiling(threads));
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void choosesTheBestAndTheLowerOfEqualOnes(int threads) {
        int rows = 70;
        for (int[] sizes : EXPERTS) {
            int experts = sizes[0];
            int perToken = sizes[1];
            float[] scores = scores(rows, experts, perToken);
            int[] expected = new int[rows * perToken];
            double[] shares = new double[expected.length];
            for (int row = 0; row < rows; row++) {
                int[] best = best(scores, row * experts, experts, perToken);
                System.arraycopy(best, 0, expected, row * perToken, perToken);
                double sum = 0;
                for (int j = 0; j < perToken; j++) {
                    shares[row * perToken + j] = Math.exp(scores[row * experts + best[j]]);
                    sum += shares[row * perToken + j];
                }
                for (int j = 0; j < perToken; j++) {
                    shares[row * perToken + j] /= sum;
                }
            }
            long chosen = gpu.ints(new int[expected.length]);
            long weights = gpu.floats(new float[expected.length]);
            gpu.launch(
                    variant(new ExpertChoiceSpec(), threads),
                    new ExpertChoiceArguments(rows, experts, perToken, gpu.floats(scores), chosen, weights));
            assertThat(gpu.readInts(chosen, expected.length))
                    .as("%d of %d experts", perToken, experts)
                    .isEqualTo(expected);
            Numbers.assertClose(gpu.readFloats(weights, shares.length), shares, 1e-6);
        }
    }

    /** Few different values, so that there are ties, both zeros, and a NaN where one can be left out. */
    private static float[] scores(int rows, int experts, int perToken) {
        Random random = new Random(experts);
        float[] scores = new float[rows * experts];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextInt(7) / 2f - 1.5f;
            if (scores[i] == 0 && random.nextBoolean()) {
                scores[i] = -0f;
            }
            if (i % experts == 0 && experts > perToken) {
                scores[i] = Float.NaN;
            }
        }
        return scores;
    }

    private static int[] best(float[] scores, int from, int experts, int perToken) {
        return IntStream.range(0, experts)
                .boxed()
                .sorted((a, b) -> Double.compare(-scores[from + a], -scores[from + b]))
                .limit(perToken)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void ordersTokensByExpert(int threads) {
        ExpertTiles form = ExpertTiles.MANY;
        for (int[] sizes : EXPERTS) {
            for (int rows : new int[] {1, 31, 700, 5000}) {
                int experts = sizes[0];
                int perToken = sizes[1];
                int[] chosen = choices(rows, experts, perToken);
                // Two more than can be needed, so that there is an end to mark.
                int tiles = form.most(rows, perToken, experts) + 2;
                ExpertOrder expected = ExpertOrder.of(form, chosen, perToken, experts, tiles);
                long routes = gpu.bytes(8 * tiles, (byte) 0x7f);
                long tokens = gpu.bytes(4 * form.rows() * tiles, (byte) 0x7f);
                long permutation = gpu.bytes(4 * chosen.length, (byte) 0x7f);
                gpu.launch(
                        variant(new ExpertOrderSpec(), threads),
                        new ExpertOrderArguments(
                                rows, experts, perToken, tiles, gpu.ints(chosen), routes, tokens, permutation));
                String as = rows + " tokens, " + perToken + " of " + experts + " experts";
                assertThat(gpu.readInts(routes, 2 * tiles)).as(as).isEqualTo(expected.routes());
                assertThat(gpu.readInts(tokens, form.rows() * tiles)).as(as).isEqualTo(expected.tokens());
                assertThat(gpu.readInts(permutation, chosen.length)).as(as).isEqualTo(expected.permutation());
            }
        }
    }

    /** What choosing and ordering one after the other come to. */
    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void routesFewTokens(int threads) {
        ExpertTiles form = ExpertTiles.FEW;
        for (int[] sizes : EXPERTS) {
            for (int rows : new int[] {1, 2, 16}) {
                int experts = sizes[0];
                int perToken = sizes[1];
                float[] scores = scores(rows, experts, perToken);
                int[] chosen = new int[rows * perToken];
                for (int row = 0; row < rows; row++) {
                    System.arraycopy(
                            best(scores, row * experts, experts, perToken), 0, chosen, row * perToken, perToken);
                }
                int tiles = form.most(rows, perToken, experts) + 2;
                ExpertOrder expected = ExpertOrder.of(form, chosen, perToken, experts, tiles);
                long from = gpu.floats(scores);
                long shares = gpu.floats(new float[chosen.length]);
                long routes = gpu.bytes(8 * tiles, (byte) 0x7f);
                long tokens = gpu.bytes(4 * form.rows() * tiles, (byte) 0x7f);
                long permutation = gpu.bytes(4 * chosen.length, (byte) 0x7f);
                gpu.launch(
                        variant(new ExpertRouteSpec(), threads),
                        new ExpertRouteArguments(
                                rows, experts, perToken, tiles, from, shares, routes, tokens, permutation));
                long alone = gpu.floats(new float[chosen.length]);
                gpu.launch(
                        variant(new ExpertChoiceSpec(), threads),
                        new ExpertChoiceArguments(
                                rows, experts, perToken, from, gpu.ints(new int[chosen.length]), alone));
                String as = rows + " tokens, " + perToken + " of " + experts + " experts";
                assertThat(gpu.readInts(routes, 2 * tiles)).as(as).isEqualTo(expected.routes());
                assertThat(gpu.readInts(tokens, form.rows() * tiles)).as(as).isEqualTo(expected.tokens());
                assertThat(gpu.readInts(permutation, chosen.length)).as(as).isEqualTo(expected.permutation());
                assertThat(gpu.readFloats(shares, chosen.length))
                        .as(as)
                        .isEqualTo(gpu.readFloats(alone, chosen.length));
            }
        }
    }

    /** Different experts for each token, low ones more often. */
    private static int[] choices(int rows, int experts, int perToken) {
        Random random = new Random(rows);
        int[] chosen = new int[rows * perToken];
        for (int row = 0; row < rows; row++) {
            boolean[] taken = new boolean[experts];
            for (int j = 0; j < perToken; j++) {
                int expert = random.nextInt(random.nextInt(experts) + 1);
                while (taken[expert]) {
                    expert = (expert + 1) % experts;
                }
                taken[expert] = true;
            }
            int[] own = IntStream.range(0, experts).filter(e -> taken[e]).toArray();
            System.arraycopy(own, 0, chosen, row * perToken, perToken);
        }
        return chosen;
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void gathersZerosForThePadding(int threads) {
        int columns = 2056;
        int[] index = {2, -1, 0, -1};
        float[] x = Numbers.bf16(1, 3 * columns);
        float[] expected = new float[index.length * columns];
        System.arraycopy(x, 2 * columns, expected, 0, columns);
        System.arraycopy(x, 0, expected, 2 * columns, columns);
        long y = gpu.bytes(2 * expected.length, (byte) 0x7f);
        gpu.launch(
                variant(new RowGatherSpec(ScalarType.BF16), threads),
                new RowGatherArguments(index.length, columns, gpu.ints(index), gpu.bf16(x), y));
        assertThat(gpu.readBf16(y, expected.length)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void addsTheOutputsOfAllExpertsInOrder(int threads) {
        int rows = 5;
        int columns = 2056;
        int[] permutation = {128, 3, 0, 129, 256, 4, 1, 130, 257, 2};
        int perToken = 2;
        float[] shares = Numbers.floats(2, permutation.length, 1);
        float[] x = Numbers.bf16(3, 258 * columns);
        float[] y = Numbers.bf16(4, rows * columns);
        float[] sums = y.clone();
        for (int i = 0; i < permutation.length; i++) {
            for (int c = 0; c < columns; c++) {
                int at = i / perToken * columns + c;
                sums[at] = Math.fma(shares[i], x[permutation[i] * columns + c], sums[at]);
            }
        }
        float[] rounded = new float[sums.length];
        for (int i = 0; i < sums.length; i++) {
            rounded[i] = Bfloat16.toFloat(Bfloat16.fromFloat(sums[i]));
        }
        long outputs = gpu.bf16(x);
        long wide = gpu.floats(y);
        long narrow = gpu.bf16(y);
        long from = gpu.ints(permutation);
        long weights = gpu.floats(shares);
        gpu.launch(
                variant(new ExpertSumSpec(ScalarType.FP32), threads),
                new ExpertSumArguments(rows, columns, perToken, from, weights, outputs, wide));
        gpu.launch(
                variant(new ExpertSumSpec(ScalarType.BF16), threads),
                new ExpertSumArguments(rows, columns, perToken, from, weights, outputs, narrow));
        assertThat(gpu.readFloats(wide, sums.length)).isEqualTo(sums);
        assertThat(gpu.readBf16(narrow, sums.length)).isEqualTo(rounded);
    }
}
