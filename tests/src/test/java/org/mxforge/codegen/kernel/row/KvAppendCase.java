package org.mxforge.codegen.kernel.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.function.ToLongFunction;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.runtime.oracle.CachedVector;
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
        this(CacheFormat.BF16, head, norms);
    }

    /** The same into a cache of {@code format}. */
    public KvAppendCase(CacheFormat format, int head, boolean norms) {
        this.spec = new KvAppendSpec(norms, format);
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

    /** Bytes of a quantized cache's keys, and of its values. */
    public int cacheBytes() {
        return (int) CachePages.bytes(spec.cache(), 4, KV_HEADS, head);
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

    /**
     * The same for a quantized cache, whose values are to the bit what its format's definition comes to. Keys, which are computed, may
     * be rounded to another code where two are about as near.
     */
    public void assertQuantized(float[] queries, byte[] keys, byte[] values) {
        double[] wantedQueries = turned(rotated(this.queries, HEADS, queryNorm), 1.0 / Integer.lowestOneBit(head));
        Numbers.assertClose(queries, wantedQueries, Numbers.BF16);
        double[] wantedKeys = turned(rotated(this.keys, KV_HEADS, keyNorm), 1);
        for (int first = 0; first < this.keys.length; first += head) {
            int row = first / (KV_HEADS * head);
            int page = PAGES[2 * SEQUENCES[row]] * KV_HEADS + first / head % KV_HEADS;
            int place = page * CachePages.POSITIONS + POSITIONS[row];
            float[] value = Arrays.copyOfRange(this.values, first, first + head);
            assertThat(CachedVector.read(spec.cache(), values, place, head))
                    .isEqualTo(CachedVector.of(spec.cache(), value).values());
            float[] key = new float[head];
            double largest = 0;
            for (int i = 0; i < head; i++) {
                key[i] = (float) wantedKeys[first + i];
                largest = Math.max(largest, Math.abs(key[i]));
            }
            float[] nearest = CachedVector.of(spec.cache(), key).values();
            float[] kept = CachedVector.read(spec.cache(), keys, place, head);
            for (int i = 0; i < head; i++) {
                assertThat(Math.abs(kept[i] - key[i])).as("channel %d", i).isLessThanOrEqualTo((float)
                        (Math.abs(nearest[i] - key[i]) + 0.005 * largest));
            }
        }
    }

    /** Heads times the Hadamard matrix of the largest power of two that divides them, and a factor. */
    private double[] turned(double[] x, double factor) {
        int block = Integer.lowestOneBit(head);
        double[] out = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            int first = i - i % head % block;
            for (int j = 0; j < block; j++) {
                out[i] += (Integer.bitCount(j & i - first) % 2 == 0 ? factor : -factor) * x[first + j];
            }
        }
        return out;
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
