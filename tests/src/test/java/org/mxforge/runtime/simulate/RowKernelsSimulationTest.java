package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.normal;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.kernel.attention.AttentionCase;
import org.mxforge.codegen.kernel.attention.AttentionKind;
import org.mxforge.codegen.kernel.row.KvAppendCase;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.PartsArguments;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.PartJoinSpec;
import org.mxforge.dsl.spec.PartSumSpec;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RouterSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SamplingSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.tests.gpu.Numbers;

/** The plain kernels of the catalogue in the simulator against their formulas in FP64, or bit for bit where they only move numbers. */
class RowKernelsSimulationTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 520;
    private static final int TILES = (int) Bf16Tile.bytes(ROWS, COLUMNS) / 2;
    /** One rounding to BF16, with room for the last bits of FP32. */
    private static final double BF16 = 0x1.1p-8;

    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @EnumSource(names = {"BF16", "FP32"})
    void rmsNorm(ScalarType type) {
        float[] x = normal(1, ROWS * COLUMNS);
        float[] weight = normal(2, COLUMNS);
        double[] expected = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            expected[i] = x[i] * norm(x, i / COLUMNS) * weight[i % COLUMNS];
        }
        long y = gpu.room(ScalarType.BF16, x.length);
        gpu.launch(
                variant(new RmsNormSpec(type, OperandLayout.PLAIN)),
                new RmsNormArguments(ROWS, COLUMNS, gpu.upload(type, x), gpu.bf16(weight), 1e-5f, y));
        assertClose(gpu.read(ScalarType.BF16, y), expected, BF16);
        long tiles = gpu.bf16(new float[TILES]);
        gpu.launch(
                variant(new RmsNormSpec(type, OperandLayout.BF16)),
                new RmsNormArguments(ROWS, COLUMNS, gpu.upload(type, x), gpu.bf16(weight), 1e-5f, tiles));
        assertSameInTiles(gpu.read(ScalarType.BF16, tiles), gpu.read(ScalarType.BF16, y));
    }

    private static void assertSameInTiles(float[] tiles, float[] rows) {
        float[] wanted = new float[TILES];
        for (int i = 0; i < rows.length; i++) {
            wanted[(int) Bf16Tile.offset(i / COLUMNS, i % COLUMNS, COLUMNS) / 2] = rows[i];
        }
        assertThat(tiles).isEqualTo(wanted);
    }

    private static double norm(float[] x, int row) {
        double squares = 0;
        for (int i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) {
            squares += (double) x[i] * x[i];
        }
        return 1 / Math.sqrt(squares / COLUMNS + 1e-5f);
    }

    @Test
    void routerScores() {
        int experts = 5;
        float[] x = normal(1, ROWS * COLUMNS);
        float[] weight = normal(2, COLUMNS);
        float[] router = normal(3, experts * COLUMNS);
        double[] expected = new double[ROWS * experts];
        for (int i = 0; i < expected.length; i++) {
            for (int k = 0; k < COLUMNS; k++) {
                int at = i / experts * COLUMNS + k;
                expected[i] += x[at] * norm(x, i / experts) * weight[k] * router[i % experts * COLUMNS + k];
            }
        }
        long scores = gpu.room(ScalarType.FP32, expected.length);
        gpu.launch(
                variant(new RouterSpec()),
                new RouterArguments(
                        ROWS, COLUMNS, experts, gpu.floats(x), gpu.bf16(weight), 1e-5f, gpu.bf16(router), scores));
        assertClose(gpu.read(ScalarType.FP32, scores), expected, 1e-4);
    }

    @Test
    void siluMul() {
        float[] gate = normal(3, ROWS * COLUMNS);
        float[] up = normal(4, ROWS * COLUMNS);
        double[] expected = new double[gate.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        long x = gpu.bf16(Numbers.sideBySide(ROWS, gate, up));
        long y = gpu.room(ScalarType.BF16, gate.length);
        gpu.launch(variant(new SiluMulSpec(OperandLayout.PLAIN)), new SiluMulArguments(ROWS, COLUMNS, x, y));
        assertClose(gpu.read(ScalarType.BF16, y), expected, BF16);
        long tiles = gpu.bf16(new float[TILES]);
        gpu.launch(variant(new SiluMulSpec(OperandLayout.BF16)), new SiluMulArguments(ROWS, COLUMNS, x, tiles));
        assertSameInTiles(gpu.read(ScalarType.BF16, tiles), gpu.read(ScalarType.BF16, y));
    }

    @ParameterizedTest
    @CsvSource({"12, false", "32, true", "40, false", "64, true", "128, true"})
    void takesHeadsApart(int half, boolean norms) {
        KvAppendCase heads = new KvAppendCase(2 * half, norms);
        long queries = gpu.room(ScalarType.BF16, heads.queries());
        long keys = gpu.bf16(new float[heads.cache()]);
        long values = gpu.bf16(new float[heads.cache()]);
        gpu.launch(variant(heads.spec()), heads.arguments(gpu::floats, gpu::bf16, gpu::ints, queries, keys, values));
        heads.assertRight(
                gpu.read(ScalarType.BF16, queries), gpu.read(ScalarType.BF16, keys), gpu.read(ScalarType.BF16, values));
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "FP32"})
    void movesRowsByNumber(ScalarType type) {
        int[] numbers = {3, 9, 0, 3};
        float[] table = normal(7, 10 * COLUMNS);
        float[] expected = new float[numbers.length * COLUMNS];
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(table, numbers[i] * COLUMNS, expected, i * COLUMNS, COLUMNS);
        }
        long index = gpu.ints(numbers);
        long embedded = gpu.room(type, expected.length);
        long gathered = gpu.room(type, expected.length);
        gpu.launch(
                variant(new EmbeddingSpec(type)), new EmbeddingArguments(4, COLUMNS, index, gpu.bf16(table), embedded));
        gpu.launch(
                variant(new RowGatherSpec(type)),
                new RowGatherArguments(4, COLUMNS, index, gpu.upload(type, table), gathered));
        assertThat(gpu.read(type, embedded)).isEqualTo(expected);
        assertThat(gpu.read(type, gathered)).isEqualTo(expected);
    }

    @Test
    void addsRowsWhereTheyBelong() {
        int[] numbers = {3, 9, 0};
        float[] weights = {0.25f, -1.7f, 3f};
        float[] x = normal(8, ROWS * COLUMNS);
        float[] y = normal(9, 10 * COLUMNS);
        double[] expected = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            expected[i] = y[i];
        }
        for (int i = 0; i < x.length; i++) {
            expected[numbers[i / COLUMNS] * COLUMNS + i % COLUMNS] += (double) weights[i / COLUMNS] * x[i];
        }
        long sums = gpu.floats(y);
        gpu.launch(
                variant(new RowScatterAddSpec(ScalarType.FP32)),
                new RowScatterAddArguments(ROWS, COLUMNS, gpu.ints(numbers), gpu.floats(weights), gpu.bf16(x), sums));
        assertClose(gpu.read(ScalarType.FP32, sums), expected, 1e-5);
    }

    /** In their order, whose sums differ from those of others in the last bit. */
    @Test
    void addsPartsInOrder() {
        float[] y = normal(13, ROWS * COLUMNS);
        float[] first = normal(14, y.length);
        float[] second = normal(15, y.length);
        float[] expected = new float[y.length];
        for (int i = 0; i < y.length; i++) {
            expected[i] = y[i] + first[i] + second[i];
        }
        long sums = gpu.floats(y);
        List<PartsArguments.Part> parts = Stream.of(first, second)
                .map(part -> new PartsArguments.Part(gpu.floats(part)))
                .toList();
        gpu.launch(variant(new PartSumSpec(2)), new PartsArguments(ROWS, COLUMNS, parts, sums));
        assertThat(gpu.read(ScalarType.FP32, sums)).isEqualTo(expected);
    }

    @Test
    void joinsPartsSideBySide() {
        float[] first = normal(16, ROWS * COLUMNS);
        float[] second = normal(17, ROWS * COLUMNS);
        float[] expected = new float[2 * ROWS * COLUMNS];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(first, row * COLUMNS, expected, 2 * row * COLUMNS, COLUMNS);
            System.arraycopy(second, row * COLUMNS, expected, (2 * row + 1) * COLUMNS, COLUMNS);
        }
        long whole = gpu.room(ScalarType.BF16, expected.length);
        List<PartsArguments.Part> parts = Stream.of(first, second)
                .map(part -> new PartsArguments.Part(gpu.bf16(part)))
                .toList();
        gpu.launch(variant(new PartJoinSpec(2)), new PartsArguments(ROWS, COLUMNS, parts, whole));
        assertThat(gpu.read(ScalarType.BF16, whole)).isEqualTo(expected);
    }

    @Test
    void softmaxAndCrossEntropy() {
        int columns = 1031;
        float[] temperatures = {0.7f, 1f, 2.5f};
        int[] targets = {0, 1030, 17};
        float[] logits = normal(10, ROWS * columns);
        double[] probabilities = new double[logits.length];
        double[] losses = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            double hot = 0;
            double plain = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                probabilities[i] = Math.exp(logits[i] / temperatures[row]);
                hot += probabilities[i];
                plain += Math.exp(logits[i]);
            }
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                probabilities[i] /= hot;
            }
            losses[row] = Math.log(plain) - logits[row * columns + targets[row]];
        }
        long x = gpu.floats(logits);
        long state = gpu.floats(new float[3 * ROWS]);
        for (int first = 0; first < columns; first += columns / 2 + 1) {
            int count = Math.min(columns / 2 + 1, columns - first);
            float[] part = new float[ROWS * count];
            for (int i = 0; i < part.length; i++) {
                part[i] = logits[i / count * columns + first + i % count];
            }
            gpu.launch(
                    variant(new CrossEntropySpec()),
                    new CrossEntropyArguments(ROWS, count, first, gpu.floats(part), gpu.ints(targets), state));
        }
        float[] numbers = gpu.read(ScalarType.FP32, state);
        float[] nll = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            nll[row] = (float) (Math.log(numbers[3 * row + 1]) + numbers[3 * row] - numbers[3 * row + 2]);
        }
        assertClose(nll, losses, 1e-5);
        SoftmaxSpec softmax = new SoftmaxSpec();
        for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(softmax, Target.SM_90A)) {
            long p = gpu.room(ScalarType.FP32, logits.length);
            gpu.launch(
                    KernelVariant.of(softmax, algorithm, Target.SM_90A),
                    new SoftmaxArguments(ROWS, columns, gpu.floats(temperatures), x, p));
            assertClose(gpu.read(ScalarType.FP32, p), probabilities, 1e-4);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "64, 3, 70, 2147483647, 256",
        "64, 1, 0, 2147483647, 512",
        "80, 2, 20, 2147483647, 256",
        "128, 2, 31, 2147483647, 128",
        "64, 3, 70, 1, 256",
        "64, 2, 70, 71, 256",
        "64, 3, 70, 40, 256",
        "80, 3, 1, 2, 256",
        "128, 3, 200, 130, 128"
    })
    void attention(int head, int rows, int start, int window, int threads) {
        AttentionCase problem = new AttentionCase(6, 2, head, window, new int[] {start}, new int[] {rows});
        long out = gpu.room(ScalarType.BF16, problem.queries().length);
        gpu.launch(
                variant(new AttentionSpec(head), threads),
                problem.arguments(gpu::ints, gpu::bf16, gpu.bf16(problem.queries()), out));
        problem.check(gpu.read(ScalarType.BF16, out));
    }

    @ParameterizedTest
    @CsvSource({"64, 1, 0, 2147483647", "128, 2, 70, 2147483647", "80, 1, 300, 100", "64, 2, 5, 1"})
    void attentionInParts(int head, int rows, int start, int window) {
        AttentionCase problem = new AttentionCase(6, 2, head, window, new int[] {start}, new int[] {rows});
        long out = gpu.room(ScalarType.BF16, problem.queries().length);
        gpu.launch(
                KernelVariant.of(new AttentionSpec(head), AttentionKind.PARTS, Target.SM_90A),
                problem.arguments(gpu::ints, gpu::bf16, gpu.bf16(problem.queries()), out));
        problem.check(gpu.read(ScalarType.BF16, out));
    }

    @Test
    void samplingTakesTheMostLikelyAndTheOnlyPossible() {
        int columns = 700;
        float[] p = new float[2 * columns];
        java.util.Arrays.fill(p, 0.5f / columns);
        p[413] = 0.5f;
        p[columns + 7] = 0.75f;
        long token = gpu.ints(-2, -2);
        gpu.launch(
                variant(new SamplingSpec()),
                new SamplingArguments(2, columns, gpu.floats(0, 0), gpu.floats(0.9f, 0.1f), gpu.floats(p), token));
        assertThat(gpu.readInts(token)).containsExactly(413, 7);
        long second = gpu.ints(-2, -2);
        gpu.launch(
                variant(new SamplingSpec()),
                new SamplingArguments(
                        2, columns, gpu.floats(0.4f, 0.4f), gpu.floats(0.9f, 0.1f), gpu.floats(p), second));
        assertThat(gpu.readInts(second)).containsExactly(413, 7);
    }

    /** Logits that are not finite leave no probability above 0. */
    @Test
    void aRowWithoutAProbabilityGetsNoToken() {
        int columns = 700;
        float[] logits = new float[4 * columns];
        logits[5] = Float.NaN;
        logits[columns + 699] = Float.POSITIVE_INFINITY;
        java.util.Arrays.fill(logits, 2 * columns, 3 * columns, Float.NaN);
        logits[3 * columns + 2] = 80;
        long x = gpu.floats(logits);
        gpu.launch(variant(new SoftmaxSpec()), new SoftmaxArguments(4, columns, gpu.floats(1, 1, 1, 1), x, x));
        long token = gpu.ints(-2, -2, -2, -2);
        float[] topP = {0, 0.9f, 0.9f, 0};
        gpu.launch(
                variant(new SamplingSpec()),
                new SamplingArguments(4, columns, gpu.floats(topP), gpu.floats(0.9f, 0, 0.5f, 0), x, token));
        assertThat(gpu.readInts(token)).containsExactly(-1, -1, -1, 2);
    }

    /** Each value within {@code relative} of the expected one, or within that share of a hundredth of the largest. */
    private static void assertClose(float[] computed, double[] expected, double relative) {
        assertThat(computed).hasSameSizeAs(expected);
        double largest = 0;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            double allowed = relative * Math.max(Math.abs(expected[i]), 0.01 * largest);
            assertThat((double) computed[i])
                    .as("element %d", i)
                    .isBetween(expected[i] - allowed, expected[i] + allowed);
        }
    }
}
