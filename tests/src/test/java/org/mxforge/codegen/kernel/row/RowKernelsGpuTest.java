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
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.RopeArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RopeSpec;
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
        KernelVariant variant = variant(new RmsNormSpec(type, ScalarType.BF16), threads);
        gpu.launch(variant, new RmsNormArguments(ROWS, COLUMNS, input, factors, 1e-5f, output));
        Numbers.assertClose(gpu.readBf16(output, x.length), expected, Numbers.BF16);
        if (type == ScalarType.BF16) {
            gpu.launch(variant, new RmsNormArguments(ROWS, COLUMNS, input, factors, 1e-5f, input));
            assertThat(gpu.readBf16(input, x.length)).isEqualTo(gpu.readBf16(output, x.length));
        } else {
            gpu.launch(
                    variant(new RmsNormSpec(type, ScalarType.FP32), threads),
                    new RmsNormArguments(ROWS, COLUMNS, input, factors, 1e-5f, input));
            Numbers.assertClose(gpu.readFloats(input, x.length), expected, 1e-5);
        }
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
        long input = gpu.bf16(gate);
        gpu.launch(
                variant(new SiluMulSpec(), threads), new SiluMulArguments(ROWS, COLUMNS, input, gpu.bf16(up), input));
        Numbers.assertClose(gpu.readBf16(input, gate.length), expected, Numbers.BF16);
    }

    @ParameterizedTest
    @CsvSource({"128, 12", "256, 32", "512, 64"})
    void ropeAndAppend(int threads, int half) {
        int heads = 5;
        int[] positions = {9, 0, 8};
        float[] x = Numbers.bf16(5, ROWS * heads * 2 * half);
        float[] cos = new float[10 * half];
        float[] sin = new float[cos.length];
        float[] angles = Numbers.floats(6, cos.length, 2);
        for (int i = 0; i < cos.length; i++) {
            cos[i] = (float) Math.cos(angles[i]);
            sin[i] = (float) Math.sin(angles[i]);
        }
        double[] expected = new double[x.length];
        for (int row = 0; row < ROWS; row++) {
            for (int head = 0; head < heads; head++) {
                for (int i = 0; i < half; i++) {
                    int low = (row * heads + head) * 2 * half + i;
                    int angle = positions[row] * half + i;
                    expected[low] = (double) x[low] * cos[angle] - (double) x[low + half] * sin[angle];
                    expected[low + half] = (double) x[low + half] * cos[angle] + (double) x[low] * sin[angle];
                }
            }
        }
        long rotated = gpu.bf16(new float[x.length]);
        long at = gpu.ints(positions);
        long input = gpu.floats(x);
        long cosines = gpu.floats(cos);
        long sines = gpu.floats(sin);
        gpu.launch(
                variant(new RopeSpec(), threads),
                new RopeArguments(ROWS, heads, 2 * half, at, input, rotated, cosines, sines));
        Numbers.assertClose(gpu.readBf16(rotated, x.length), expected, Numbers.BF16);

        // The same keys, and values, in the second and third of four pages.
        float[] v = Numbers.bf16(7, x.length);
        int[] pages = {0, 0, 2, 0, 1, 0};
        int page = CachePages.POSITIONS * heads * 2 * half;
        long keys = gpu.bytes(2 * 4 * page, (byte) 0x7f);
        long values = gpu.bytes(2 * 4 * page, (byte) 0x7f);
        gpu.launch(
                variant(new KvAppendSpec(), threads),
                new KvAppendArguments(
                        ROWS,
                        heads,
                        2 * half,
                        2,
                        at,
                        gpu.ints(1, 2, 2),
                        gpu.ints(pages),
                        input,
                        gpu.bf16(v),
                        cosines,
                        sines,
                        keys,
                        values));
        float[] cachedKeys = gpu.readBf16(keys, 4 * page);
        float[] cachedValues = gpu.readBf16(values, 4 * page);
        float[] wanted = gpu.readBf16(rotated, x.length);
        int width = heads * 2 * half;
        for (int row = 0; row < ROWS; row++) {
            for (int i = 0; i < width; i++) {
                int place = (int) CachePages.offset(
                        heads, 2 * half, row == 0 ? 2 : 1, i / (2 * half), positions[row], i % (2 * half));
                assertThat(cachedKeys[place]).isEqualTo(wanted[row * width + i]);
                assertThat(cachedValues[place]).isEqualTo(v[row * width + i]);
            }
        }
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
        long x = gpu.floats(logits);
        long nll = gpu.floats(new float[ROWS]);
        gpu.launch(
                variant(new CrossEntropySpec(), threads),
                new CrossEntropyArguments(ROWS, columns, x, gpu.ints(targets), nll));
        Numbers.assertClose(gpu.readFloats(nll, ROWS), losses, 1e-5);
        gpu.launch(
                variant(new SoftmaxSpec(), threads),
                new SoftmaxArguments(ROWS, columns, gpu.floats(temperatures), x, x));
        Numbers.assertClose(gpu.readFloats(x, logits.length), probabilities, 1e-4);
    }
}
