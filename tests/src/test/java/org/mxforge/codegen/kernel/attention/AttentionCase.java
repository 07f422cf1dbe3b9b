package org.mxforge.codegen.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.runtime.oracle.CachedVector;
import org.mxforge.runtime.oracle.ReferenceAttention;

/**
 * Attention of several sequences with random queries, keys and values, and what its formula comes to in FP64. Pages of the cache lie in
 * no order, and what no sequence has written is NaN.
 */
public final class AttentionCase {
    private final int heads;
    private final int kvHeads;
    private final int head;
    private final int window;
    private final int[] starts;
    private final int[] counts;
    private final int rows;
    private final int tableLength;
    private final int[] tables;
    private final float[] q;
    private final float[] keys;
    private final float[] values;
    private final CacheFormat format;
    /** Keys and values of a quantized cache. */
    private final byte[][] pages;

    /** What is right for each sequence. */
    private final List<ReferenceAttention.Result> results = new ArrayList<>();

    /**
     * @param starts positions of each sequence that are in the cache before
     * @param counts its queries
     */
    public AttentionCase(int heads, int kvHeads, int head, int window, int[] starts, int[] counts) {
        this(CacheFormat.BF16, heads, kvHeads, head, window, starts, counts);
    }

    /** The same over a cache of {@code format}. */
    public AttentionCase(CacheFormat format, int heads, int kvHeads, int head, int window, int[] starts, int[] counts) {
        this.format = format;
        this.heads = heads;
        this.kvHeads = kvHeads;
        this.head = head;
        this.window = window;
        this.starts = starts.clone();
        this.counts = counts.clone();
        this.rows = Arrays.stream(counts).sum();
        int longest = 0;
        int pages = 0;
        for (int i = 0; i < counts.length; i++) {
            longest = Math.max(longest, pages(i));
            pages += pages(i);
        }
        this.tableLength = longest;
        // Nobody's table first; then pages from the last to the first.
        this.tables = new int[(counts.length + 1) * tableLength];
        Random random = new Random(1);
        this.q = normal(random, rows * heads * head);
        this.keys = new float[pages * CachePages.POSITIONS * kvHeads * head];
        this.values = new float[keys.length];
        Arrays.fill(keys, Float.NaN);
        Arrays.fill(values, Float.NaN);
        this.pages = new byte[2][format == CacheFormat.BF16 ? 0 : (int) CachePages.bytes(format, pages, kvHeads, head)];
        for (byte[] unwritten : this.pages) {
            Arrays.fill(unwritten, (byte) -1);
        }
        int row = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int page = 0; page < pages(i); page++) {
                tables[(i + 1) * tableLength + page] = --pages;
            }
            fill(random, i, row);
            row += counts[i];
        }
    }

    private int pages(int sequence) {
        return (starts[sequence] + counts[sequence] + CachePages.POSITIONS - 1) / CachePages.POSITIONS;
    }

    private static float[] normal(Random random, int length) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        return numbers;
    }

    private void fill(Random random, int sequence, int firstRow) {
        int positions = starts[sequence] + counts[sequence];
        int width = kvHeads * head;
        float[] k = normal(random, positions * width);
        float[] v = normal(random, positions * width);
        for (int position = 0; position < positions; position++) {
            int page = tables[(sequence + 1) * tableLength + position / CachePages.POSITIONS];
            if (format != CacheFormat.BF16) {
                quantize(k, position, page, pages[0]);
                quantize(v, position, page, pages[1]);
            }
            for (int i = 0; i < width; i++) {
                int place = (int)
                        CachePages.offset(kvHeads, head, page, i / head, position % CachePages.POSITIONS, i % head);
                keys[place] = k[position * width + i];
                values[place] = v[position * width + i];
            }
        }
        int first = firstRow * heads * head;
        float[] queries = Arrays.copyOfRange(q, first, first + counts[sequence] * heads * head);
        results.add(new ReferenceAttention(heads, kvHeads, head, window).of(starts[sequence], queries, k, v));
    }

    private void quantize(float[] rows, int position, int page, byte[] to) {
        for (int kvHead = 0; kvHead < kvHeads; kvHead++) {
            int at = (position * kvHeads + kvHead) * head;
            CachedVector kept = CachedVector.of(format, Arrays.copyOfRange(rows, at, at + head));
            kept.store(to, (page * kvHeads + kvHead) * CachePages.POSITIONS + position % CachePages.POSITIONS);
            System.arraycopy(kept.values(), 0, rows, at, head);
        }
    }

    private static int[] words(byte[] bytes) {
        int[] words = new int[bytes.length / Integer.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }

    /**
     * What the kernel is launched with.
     *
     * @param ints puts numbers onto a device, and says where
     * @param bf16 the same for BF16
     * @param out address of the result
     */
    public AttentionArguments arguments(
            ToLongFunction<int[]> ints, ToLongFunction<float[]> bf16, long queries, long out) {
        int[] positions = new int[rows];
        int[] sequences = new int[rows];
        int row = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int token = 0; token < counts[i]; token++, row++) {
                positions[row] = starts[i] + token;
                sequences[row] = i + 1;
            }
        }
        return new AttentionArguments(
                rows,
                heads,
                kvHeads,
                window,
                tableLength,
                ints.applyAsLong(positions),
                ints.applyAsLong(sequences),
                ints.applyAsLong(tables),
                queries,
                format == CacheFormat.BF16 ? bf16.applyAsLong(keys) : ints.applyAsLong(words(pages[0])),
                format == CacheFormat.BF16 ? bf16.applyAsLong(values) : ints.applyAsLong(words(pages[1])),
                out);
    }

    /** BF16 [rows][heads][head]. */
    public float[] queries() {
        return q;
    }

    /** Compares every element with the oracle's, within what rounding weights and result to BF16 may come to. */
    public void check(float[] result) {
        assertThat(result).hasSameSizeAs(q);
        int from = 0;
        for (int i = 0; i < results.size(); i++) {
            assertThat(results.get(i).violation(result, from))
                    .as("sequence %d", i)
                    .isEmpty();
            from += results.get(i).length();
        }
    }
}
