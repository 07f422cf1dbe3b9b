package org.mxforge.codegen.kernel.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.tests.gpu.GpuWorkspace;

/** Sampling against a sort, with ties, zeros, NaN and the ends of the uniform range. */
@Tag("gpu")
class SamplingGpuTest {
    private static final float[] TOP_P = {0f, 1e-6f, 0.3f, 0.9f, 1f};
    private static final float[] UNIFORM = {0f, 0.25f, 0.7f, 0x1.fffffep-1f};

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void drawsTheTokenOfTheSpec(int threads) {
        KernelVariant usual = KernelVariant.of(new SamplingSpec(), GpuWorkspace.target());
        KernelVariant variant =
                KernelVariant.of(usual.spec(), usual.algorithm(), usual.target(), new RowTiling(threads));
        Random random = new Random(1);
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            for (int columns : new int[] {1, 2, 63, 700, 5003}) {
                for (boolean coarse : new boolean[] {true, false}) {
                    float[] p = new float[UNIFORM.length * columns];
                    for (int row = 0; row < UNIFORM.length; row++) {
                        fill(p, row * columns, columns, coarse, random);
                    }
                    long probabilities = gpu.floats(p);
                    long uniform = gpu.floats(UNIFORM);
                    long token = gpu.ints(new int[UNIFORM.length]);
                    for (float topP : TOP_P) {
                        gpu.launch(
                                variant,
                                new SamplingArguments(
                                        UNIFORM.length, columns, same(gpu, topP), uniform, probabilities, token));
                        int[] expected = IntStream.range(0, UNIFORM.length)
                                .map(row -> expect(p, row * columns, columns, topP, UNIFORM[row]))
                                .toArray();
                        assertThat(gpu.readInts(token, UNIFORM.length))
                                .as("%d columns, coarse %s, top-p %s", columns, coarse, topP)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static long same(GpuWorkspace gpu, float topP) {
        float[] values = new float[UNIFORM.length];
        Arrays.fill(values, topP);
        return gpu.floats(values);
    }

    /** Probabilities that add up to 1; coarse ones, to 1 or more, are all zero or one power of two, which makes ties. */
    private static void fill(float[] p, int begin, int columns, boolean coarse, Random random) {
        double sum = 0;
        for (int i = begin; i < begin + columns; i++) {
            p[i] = coarse ? random.nextInt(4) / 2 : (float) Math.exp(3 * random.nextGaussian());
            sum += p[i];
        }
        if (sum == 0) {
            p[begin + columns - 1] = 1;
            sum = 1;
        }
        double scale = coarse ? 1.0 / Long.highestOneBit((long) sum) : 1 / sum;
        for (int i = begin; i < begin + columns; i++) {
            p[i] *= (float) scale;
        }
        if (columns > 100) {
            p[begin + 7] = Float.NaN;
        }
    }

    private static int expect(float[] p, int begin, int columns, float topP, float uniform) {
        int[] order = IntStream.range(begin, begin + columns)
                .boxed()
                .sorted((a, b) -> Double.compare(positive(p[b]), positive(p[a])))
                .mapToInt(Integer::intValue)
                .toArray();
        if (topP == 0) {
            return order[0] - begin;
        }
        boolean[] kept = new boolean[columns];
        double sum = 0;
        for (int i = 0; i < columns && sum < topP; i++) {
            kept[order[i] - begin] = true;
            sum += positive(p[order[i]]);
        }
        double target = uniform * sum;
        double before = 0;
        for (int i = 0; i < columns; i++) {
            if (kept[i]) {
                before += positive(p[begin + i]);
                if (before > target) {
                    return i;
                }
            }
        }
        throw new AssertionError("no token");
    }

    private static double positive(float p) {
        return p > 0 ? p : 0;
    }
}
