package org.mxforge.codegen.kernel.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.ToLongFunction;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.tests.gpu.Numbers;

/** Three rows of two sequences in the second and third of four pages, against the definition in FP64. */
public final class KvAppendCase {
    private static final int ROWS = 3;
    private static final int HEADS = 5;
    private static final int KV_HEADS = 2;
    private static final int[] POSITIONS = {9, 0, 8};
    private static final int[] SEQUENCES = {1, 2, 2};
    private static final int[] PAGES = {0, 0, 2, 0, 1, 0};
    private static final float EPSILON = 1e-5f;

    private final KvAppendSpec spec;
    private final int head;
    private final float[] queries;
    private final float[] keys;
    private final float[] values;
    private final float[] queryNorm;
    private final float[] keyNorm;
    private final float[] cos;
    private final float[] sin;

    /** Heads of {@code head} channels, with norms or without. */
    public KvAppendCase(int head, boolean norms) {
        this.spec = new KvAppendSpec(norms);
        this.head = head;
        this.queries = Numbers.floats(1, ROWS * HEADS * head, 1);
        this.keys = Numbers.floats(2, ROWS * KV_HEADS * head, 2);
        this.values = Numbers.floats(3, keys.length, 1);
        this.queryNorm = Numbers.bf16(4, head);
        this.keyNorm = Numbers.bf16(5, head);
        this.cos = Numbers.floats(6, 10 * head / 2, 2);
        this.sin = new float[cos.length];
        for (int i = 0; i < cos.length; i++) {
            sin[i] = (float) Math.sin(cos[i]);
            cos[i] = (float) Math.cos(cos[i]);
        }
    }

    public KvAppendSpec spec() {
        return spec;
    }

    /** Numbers of the queries. */
    public int queries() {
        return queries.length;
    }

    /** Numbers of the cache's keys, and of its values. */
    public int cache() {
        return 4 * CachePages.POSITIONS * KV_HEADS * head;
    }

    /** The arguments, with operands brought to the device by the three functions. */
    public KvAppendArguments arguments(
            ToLongFunction<float[]> floats,
            ToLongFunction<float[]> bf16,
            ToLongFunction<int[]> ints,
            long queries,
            long keys,
            long values) {
        return new KvAppendArguments(
                ROWS,
                HEADS,
                KV_HEADS,
                head,
                2,
                ints.applyAsLong(POSITIONS),
                ints.applyAsLong(SEQUENCES),
                ints.applyAsLong(PAGES),
                floats.applyAsLong(Numbers.sideBySide(ROWS, this.queries, this.keys, this.values)),
                spec.headNorms() ? bf16.applyAsLong(queryNorm) : 0,
                spec.headNorms() ? bf16.applyAsLong(keyNorm) : 0,
                EPSILON,
                floats.applyAsLong(cos),
                floats.applyAsLong(sin),
                queries,
                keys,
                values);
    }

    /** Checks the queries, close to the definition, and the cache: keys likewise, values to the bit. */
    public void assertRight(float[] queries, float[] keys, float[] values) {
        Numbers.assertClose(queries, rotated(this.queries, HEADS, queryNorm), Numbers.BF16);
        Numbers.assertClose(cached(keys), rotated(this.keys, KV_HEADS, keyNorm), Numbers.BF16);
        float[] rounded = new float[this.values.length];
        for (int i = 0; i < rounded.length; i++) {
            rounded[i] = Bfloat16.toFloat(Bfloat16.fromFloat(this.values[i]));
        }
        assertThat(cached(values)).isEqualTo(rounded);
    }

    private double[] rotated(float[] x, int heads, float[] norm) {
        int half = head / 2;
        double[] out = new double[x.length];
        for (int first = 0; first < x.length; first += head) {
            int angles = POSITIONS[first / (heads * head)] * half;
            double squares = 0;
            for (int i = 0; i < head; i++) {
                squares += (double) x[first + i] * x[first + i];
            }
            double scale = 1 / Math.sqrt(squares / head + EPSILON);
            for (int i = 0; i < half; i++) {
                double a = spec.headNorms() ? x[first + i] * scale * norm[i] : x[first + i];
                double b = spec.headNorms() ? x[first + half + i] * scale * norm[half + i] : x[first + half + i];
                out[first + i] = a * cos[angles + i] - b * sin[angles + i];
                out[first + half + i] = b * cos[angles + i] + a * sin[angles + i];
            }
        }
        return out;
    }

    /** What lies in the rows' places, [rows][kvHeads][head]. */
    private float[] cached(float[] cache) {
        float[] rows = new float[keys.length];
        for (int i = 0; i < rows.length; i++) {
            int row = i / (KV_HEADS * head);
            int page = PAGES[2 * SEQUENCES[row]];
            rows[i] =
                    cache[(int) CachePages.offset(KV_HEADS, head, page, i / head % KV_HEADS, POSITIONS[row], i % head)];
        }
        return rows;
    }
}
