package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.tile.RowTiling;

/** Attention against its formula in FP64: heads of every width, prompts, single tokens, long caches and sliding windows. */
@Tag("gpu")
class AttentionGpuTest {
    @ParameterizedTest
    @CsvSource({
        "8, 3, 150, 2147483647, 256",
        "8, 2, 0, 2147483647, 512",
        "64, 1, 0, 2147483647, 256",
        "64, 33, 0, 2147483647, 256",
        "64, 3, 150, 2147483647, 128",
        "64, 1, 2047, 2147483647, 512",
        "80, 3, 150, 2147483647, 256",
        "128, 2, 700, 2147483647, 256",
        "136, 5, 31, 2147483647, 128",
        "256, 3, 150, 2147483647, 256",
        "256, 1, 400, 2147483647, 512",
        "64, 33, 0, 8, 256",
        "64, 3, 150, 1, 256",
        "64, 1, 2047, 1000, 512",
        "80, 3, 150, 152, 256",
        "128, 2, 700, 256, 256",
        "136, 5, 31, 33, 128"
    })
    void attendsToWhatCameBefore(int head, int rows, int start, int window, int threads) {
        int heads = 6;
        int kvHeads = 2;
        float[] q = Numbers.bf16(1, rows * heads * head);
        float[] k = Numbers.bf16(2, (start + rows) * kvHeads * head);
        float[] v = Numbers.bf16(3, k.length);
        double[] expected = new double[q.length];
        for (int row = 0; row < rows; row++) {
            for (int h = 0; h < heads; h++) {
                expect(
                        q,
                        k,
                        v,
                        (row * heads + h) * head,
                        h / 3 * head,
                        kvHeads * head,
                        Math.max(0, start + row + 1 - window),
                        start + row + 1,
                        head,
                        expected);
            }
        }
        KernelVariant usual = KernelVariant.of(new AttentionSpec(head), GpuWorkspace.target());
        KernelVariant variant =
                KernelVariant.of(usual.spec(), usual.algorithm(), usual.target(), new RowTiling(threads));
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            int tableLength = (start + rows + CachePages.POSITIONS - 1) / CachePages.POSITIONS;
            long queries = gpu.bf16(q);
            long keys = gpu.bf16(backwards(k, tableLength, kvHeads * head));
            long values = gpu.bf16(backwards(v, tableLength, kvHeads * head));
            long out = gpu.bytes(2 * q.length, (byte) 0x7f);
            int[] positions = IntStream.range(start, start + rows).toArray();
            int[] sequences = new int[rows];
            Arrays.fill(sequences, 1);
            // Nobody's table first, then pages from the last to the first.
            int[] pages = IntStream.range(0, 2 * tableLength)
                    .map(i -> i < tableLength ? 0 : 2 * tableLength - 1 - i)
                    .toArray();
            AttentionArguments arguments = new AttentionArguments(
                    rows,
                    heads,
                    kvHeads,
                    window,
                    tableLength,
                    gpu.ints(positions),
                    gpu.ints(sequences),
                    gpu.ints(pages),
                    queries,
                    keys,
                    values,
                    out);
            gpu.launch(variant, arguments);
            float[] computed = gpu.readBf16(out, q.length);
            Numbers.assertClose(computed, expected, Numbers.BF16);
            gpu.launch(
                    variant,
                    new AttentionArguments(
                            rows,
                            heads,
                            kvHeads,
                            window,
                            tableLength,
                            arguments.positions(),
                            arguments.sequences(),
                            arguments.pages(),
                            queries,
                            keys,
                            values,
                            queries));
            assertThat(gpu.readBf16(queries, q.length)).isEqualTo(computed);
        }
    }

    /** The pages of {@code values} from the last to the first. */
    private static float[] backwards(float[] values, int pages, int width) {
        int page = CachePages.POSITIONS * width;
        float[] result = new float[pages * page];
        for (int from = 0; from < values.length; from += page) {
            int at = result.length - page - from;
            System.arraycopy(values, from, result, at, Math.min(page, values.length - from));
        }
        return result;
    }

    private static void expect(
            float[] q,
            float[] k,
            float[] v,
            int query,
            int kv,
            int stride,
            int begin,
            int positions,
            int head,
            double[] out) {
        double[] weights = new double[positions];
        double sum = 0;
        for (int p = begin; p < positions; p++) {
            double dot = 0;
            for (int i = 0; i < head; i++) {
                dot += (double) q[query + i] * k[p * stride + kv + i];
            }
            weights[p] = Math.exp(dot / Math.sqrt(head));
            sum += weights[p];
        }
        for (int p = begin; p < positions; p++) {
            for (int i = 0; i < head; i++) {
                out[query + i] += weights[p] / sum * v[p * stride + kv + i];
            }
        }
    }
}
