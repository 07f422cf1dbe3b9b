package org.mxforge.codegen.kernel.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SiluMulSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.dsl.tile.RowTiling;
import org.mxforge.tests.gpu.GpuWorkspace;
import org.mxforge.tests.gpu.Numbers;

/** The plain kernels against the formulas of their specs in FP64, for every block size. */
@Tag("gpu")
class RowKernelsGpuTest {
    private static final int ROWS = 3;
    private static final int COLUMNS = 2056;
    private static final int TILES = (int) Bf16Tile.bytes(ROWS, COLUMNS) / 2;

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

    private long upload(ScalarType type, float[] values) {
        return type == ScalarType.FP32 ? gpu.floats(values) : gpu.bf16(values);
    }

    private float[] read(ScalarType type, long address, int count) {
        return type == ScalarType.FP32 ? gpu.readFloats(address, count) : gpu.readBf16(address, count);
    }

    /** Block sizes with the types that the residual stream may have. */
    static Stream<Arguments> blocksAndTypes() {
        return Stream.of(128, 256, 512).flatMap(threads -> Stream.of(ScalarType.BF16, ScalarType.FP32)
                .map(type -> Arguments.of(threads, type)));
    }

    @ParameterizedTest
    @MethodSource("blocksAndTypes")
    void rmsNorm(int threads, ScalarType type) {
        float[] x = Numbers.bf16(1, ROWS * COLUMNS);
        float[] weight = Numbers.bf16(2, COLUMNS);
        double[] expected = new double[x.length];
        for (int row = 0; row < ROWS; row++) {
            double squares = 0;
            for (int i = 0; i < COLUMNS; i++) {
                squares += (double) x[row * COLUMNS + i] * x[row * COLUMNS + i];
            }
            for (int i = 0; i < COLUMNS; i++) {
                expected[row * COLUMNS + i] = x[row * COLUMNS + i] / Math.sqrt(squares / COLUMNS + 1e-5f) * weight[i];
            }
        }
        long input = upload(type, x);
        long output = gpu.bytes(2 * x.length, (byte) 0x7f);
        long factors = gpu.bf16(weight);
        KernelVariant variant = variant(new RmsNormSpec(type, OperandLayout.PLAIN), threads);
        gpu.launch(variant, new RmsNormArguments(ROWS, COLUMNS, input, factors, 1e-5f, output));
        Numbers.assertClose(gpu.readBf16(output, x.length), expected, Numbers.BF16);
        long tiles = gpu.bytes(2 * TILES, (byte) 0);
        gpu.launch(
                variant(new RmsNormSpec(type, OperandLayout.BF16), threads),
                new RmsNormArguments(ROWS, COLUMNS, input, factors, 1e-5f, tiles));
        assertSameInTiles(gpu.readBf16(tiles, TILES), gpu.readBf16(output, x.length));
        if (type == ScalarType.BF16) {
            gpu.launch(variant, new RmsNormArguments(ROWS, COLUMNS, input, factors, 1e-5f, input));
            assertThat(gpu.readBf16(input, x.length)).isEqualTo(gpu.readBf16(output, x.length));
        }
    }

    private static void assertSameInTiles(float[] tiles, float[] rows) {
        float[] wanted = new float[TILES];
        for (int i = 0; i < rows.length; i++) {
            wanted[(int) Bf16Tile.offset(i / COLUMNS, i % COLUMNS, COLUMNS) / 2] = rows[i];
        }
        assertThat(tiles).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void siluMul(int threads) {
        float[] gate = Numbers.bf16(3, ROWS * COLUMNS);
        float[] up = Numbers.bf16(4, ROWS * COLUMNS);
        double[] expected = new double[gate.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        long input = gpu.bf16(Numbers.sideBySide(ROWS, gate, up));
        long output = gpu.bytes(2 * gate.length, (byte) 0x7f);
        gpu.launch(
                variant(new SiluMulSpec(OperandLayout.PLAIN), threads),
                new SiluMulArguments(ROWS, COLUMNS, input, output));
        Numbers.assertClose(gpu.readBf16(output, gate.length), expected, Numbers.BF16);
        long tiles = gpu.bytes(2 * TILES, (byte) 0);
        gpu.launch(
                variant(new SiluMulSpec(OperandLayout.BF16), threads),
                new SiluMulArguments(ROWS, COLUMNS, input, tiles));
        assertSameInTiles(gpu.readBf16(tiles, TILES), gpu.readBf16(output, gate.length));
    }

    @ParameterizedTest
    @CsvSource({"128, 24, false", "256, 64, true", "512, 80, true", "256, 128, false", "128, 256, true"})
    void takesHeadsApart(int threads, int head, boolean norms) {
        KvAppendCase heads = new KvAppendCase(head, norms);
        long queries = gpu.bytes(2 * heads.queries(), (byte) 0x7f);
        long keys = gpu.bytes(2 * heads.cache(), (byte) 0x7f);
        long values = gpu.bytes(2 * heads.cache(), (byte) 0x7f);
        gpu.launch(
                variant(heads.spec(), threads),
                heads.arguments(gpu::floats, gpu::bf16, gpu::ints, queries, keys, values));
        heads.assertRight(
                gpu.readBf16(queries, heads.queries()),
                gpu.readBf16(keys, heads.cache()),
                gpu.readBf16(values, heads.cache()));
    }

    @ParameterizedTest
    @MethodSource("blocksAndTypes")
    void copiesRowsByNumber(int threads, ScalarType type) {
        int[] numbers = {3, 49, 0, 3};
        float[] table = Numbers.bf16(7, 50 * COLUMNS);
        float[] expected = new float[numbers.length * COLUMNS];
        for (int i = 0; i < numbers.length; i++) {
            System.arraycopy(table, numbers[i] * COLUMNS, expected, i * COLUMNS, COLUMNS);
        }
        long index = gpu.ints(numbers);
        long embedded = gpu.bytes(type.bytes() * expected.length, (byte) 0x7f);
        long gathered = gpu.bytes(type.bytes() * expected.length, (byte) 0x7f);
        gpu.launch(
                variant(new EmbeddingSpec(type), threads),
                new EmbeddingArguments(4, COLUMNS, index, gpu.bf16(table), embedded));
        gpu.launch(
                variant(new RowGatherSpec(type), threads),
                new RowGatherArguments(4, COLUMNS, index, upload(type, table), gathered));
        assertThat(read(type, embedded, expected.length)).isEqualTo(expected);
        assertThat(read(type, gathered, expected.length)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("blocksAndTypes")
    void addsRowsWhereTheyBelong(int threads, ScalarType type) {
        int[] numbers = {3, 9, 0};
        float[] weights = {0.25f, -1.7f, 3f};
        float[] x = Numbers.bf16(8, ROWS * COLUMNS);
        float[] y = Numbers.bf16(9, 10 * COLUMNS);
        double[] expected = new double[y.length];
        for (int i = 0; i < y.length; i++) {
            expected[i] = y[i];
        }
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < COLUMNS; i++) {
                expected[numbers[row] * COLUMNS + i] += (double) weights[row] * x[row * COLUMNS + i];
            }
        }
        long sums = upload(type, y);
        gpu.launch(
                variant(new RowScatterAddSpec(type), threads),
                new RowScatterAddArguments(ROWS, COLUMNS, gpu.ints(numbers), gpu.floats(weights), gpu.bf16(x), sums));
        double rounding = type == ScalarType.FP32 ? 1e-5 : Numbers.BF16;
        Numbers.assertClose(read(type, sums, y.length), expected, rounding);
    }

    @ParameterizedTest
    @ValueSource(ints = {128, 256, 512})
    void softmaxAndCrossEntropy(int threads) {
        int columns = 4099;
        float[] temperatures = {0.7f, 1f, 2.5f};
        int[] targets = {0, 4098, 17};
        float[] logits = Numbers.floats(10, ROWS * columns, 3);
        double[] probabilities = new double[logits.length];
        double[] losses = new double[ROWS];
        for (int row = 0; row < ROWS; row++) {
            double hot = 0;
            double plain = 0;
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                probabilities[i] = Math.exp(logits[i] / (double) temperatures[row]);
                hot += probabilities[i];
                plain += Math.exp(logits[i]);
            }
            for (int i = row * columns; i < (row + 1) * columns; i++) {
                probabilities[i] /= hot;
            }
            losses[row] = Math.log(plain) - logits[row * columns + targets[row]];
        }
        long state = gpu.floats(new float[3 * ROWS]);
        for (int first = 0; first < columns; first += columns / 2 + 1) {
            int count = Math.min(columns / 2 + 1, columns - first);
            float[] part = new float[ROWS * count];
            for (int i = 0; i < part.length; i++) {
                part[i] = logits[i / count * columns + first + i % count];
            }
            gpu.launch(
                    variant(new CrossEntropySpec(), threads),
                    new CrossEntropyArguments(ROWS, count, first, gpu.floats(part), gpu.ints(targets), state));
        }
        float[] numbers = gpu.readFloats(state, 3 * ROWS);
        float[] nll = new float[ROWS];
        for (int row = 0; row < ROWS; row++) {
            nll[row] = (float) (Math.log(numbers[3 * row + 1]) + numbers[3 * row] - numbers[3 * row + 2]);
        }
        Numbers.assertClose(nll, losses, 1e-5);
        SoftmaxSpec softmax = new SoftmaxSpec();
        for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(softmax, GpuWorkspace.target())) {
            long x = gpu.floats(logits);
            gpu.launch(
                    KernelVariant.of(softmax, algorithm, GpuWorkspace.target(), new RowTiling(threads)),
                    new SoftmaxArguments(ROWS, columns, gpu.floats(temperatures), x, x));
            Numbers.assertClose(gpu.readFloats(x, logits.length), probabilities, 1e-4);
        }
    }
}
