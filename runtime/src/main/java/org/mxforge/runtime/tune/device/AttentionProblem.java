package org.mxforge.runtime.tune.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.runtime.oracle.ReferenceAttention;

/**
 * Attention of some sequences with its operands in host memory. Queries, keys and values that are fewer than there have to be are
 * repeated.
 *
 * @param math what is computed
 * @param vectors how keys and values are kept
 * @param sequences each with a page table of its own
 * @param queries BF16 {@code [rows][heads][head]}
 * @param keys in {@link CachePages}
 * @param values likewise
 */
record AttentionProblem(
        ReferenceAttention math,
        CachedVectors vectors,
        List<Sequence> sequences,
        short[] queries,
        byte[] keys,
        byte[] values) {
    /** Checked queries of a sequence: more than the largest tiles have, and odd. */
    private static final int MOST_QUERIES = 137;

    /** Positions that are checked with many queries: several steps and a ragged end. */
    private static final int SHORT = 515;

    /** Positions that are checked with one: several steps for all warps of a cluster. */
    private static final int LONG = 4099;

    private static final int MOST_KV_HEADS = 2;

    /** Values of queries that are drawn for timing. */
    private static final int DRAWS = 1 << 16;

    /** Heads of pages that are. */
    private static final int DRAWN_HEADS = 16;

    /**
     * Consecutive positions of a text.
     *
     * @param start positions before the first query
     * @param rows queries
     */
    record Sequence(int start, int rows) {
        int positions() {
            return start + rows;
        }

        private int pages() {
            return (positions() + CachePages.POSITIONS - 1) / CachePages.POSITIONS;
        }
    }

    /** Sequences as long as they may be, for timing. */
    static AttentionProblem random(AttentionSpec spec, AttentionShape shape) {
        Sequence sequence = new Sequence(shape.context() - shape.queries(), shape.queries());
        List<Sequence> sequences = new ArrayList<>();
        for (int i = 0; i < shape.batch(); i++) {
            sequences.add(sequence);
        }
        CachedVectors vectors = new CachedVectors(spec.cache(), spec.head());
        return new AttentionProblem(
                new ReferenceAttention(shape.heads(), shape.kvHeads(), spec.head(), shape.window()),
                vectors,
                sequences,
                bf16(normal(1, DRAWS)),
                drawnPages(vectors, 2),
                drawnPages(vectors, 3));
    }

    private static byte[] drawnPages(CachedVectors vectors, long seed) {
        Random random = new Random(seed);
        byte[] pages = vectors.pages(DRAWN_HEADS);
        for (int i = 0; i < DRAWN_HEADS * CachePages.POSITIONS; i++) {
            vectors.store(vectors.draw(random), pages, i / CachePages.POSITIONS, i % CachePages.POSITIONS);
        }
        return pages;
    }

    /** Sequences of unequal lengths, one of them at its beginning, enough of each for several tiles and steps, to be checked. */
    static AttentionProblem ragged(AttentionSpec spec, AttentionShape shape) {
        int rows = Math.min(shape.queries(), MOST_QUERIES);
        int context = Math.max(rows, Math.min(shape.context(), rows == 1 ? LONG : SHORT));
        int few = (rows + 2) / 3;
        List<Sequence> all = List.of(
                new Sequence(context - rows, rows), new Sequence(0, rows), new Sequence((context - few) / 2, few));
        List<Sequence> sequences = all.subList(0, Math.min(all.size(), shape.batch()));
        int kvHeads = Math.min(shape.kvHeads(), MOST_KV_HEADS);
        int window = shape.window() == shape.context() ? Integer.MAX_VALUE : Math.min(shape.window(), context / 2 + 1);
        ReferenceAttention math = new ReferenceAttention(kvHeads * shape.group(), kvHeads, spec.head(), window);
        CachedVectors vectors = new CachedVectors(spec.cache(), spec.head());
        AttentionProblem empty = new AttentionProblem(math, vectors, sequences, new short[0], new byte[0], new byte[0]);
        return new AttentionProblem(
                math,
                vectors,
                sequences,
                bf16(empty.drawnQueries()),
                empty.inPages(Operand.KEYS),
                empty.inPages(Operand.VALUES));
    }

    private enum Operand {
        QUERIES,
        KEYS,
        VALUES
    }

    private static float[] normal(long seed, int length) {
        Random random = new Random(seed);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = Bfloat16.toFloat(Bfloat16.fromFloat((float) random.nextGaussian()));
        }
        return numbers;
    }

    private static long seed(int sequence, Operand operand) {
        return Operand.values().length * (long) sequence + operand.ordinal();
    }

    /** What is drawn for a sequence, {@code [rows][heads][head]}. */
    private float[] drawnQueries(int sequence) {
        int length = sequences.get(sequence).rows() * math.heads() * math.head();
        return normal(seed(sequence, Operand.QUERIES), length);
    }

    /** The same of keys or values, {@code [positions][kvHeads]}. */
    private List<byte[]> drawn(int sequence, Operand operand) {
        Random random = new Random(seed(sequence, operand));
        return Stream.generate(() -> vectors.draw(random))
                .limit((long) sequences.get(sequence).positions() * math.kvHeads())
                .toList();
    }

    /** What attention multiplies of them, {@code [positions][kvHeads][head]}. */
    private float[] read(List<byte[]> drawn) {
        float[] read = new float[drawn.size() * math.head()];
        for (int i = 0; i < drawn.size(); i++) {
            vectors.read(drawn.get(i), read, i * math.head());
        }
        return read;
    }

    private float[] drawnQueries() {
        float[] all = new float[rows() * math.heads() * math.head()];
        int at = 0;
        for (int i = 0; i < sequences.size(); i++) {
            float[] own = drawnQueries(i);
            System.arraycopy(own, 0, all, at, own.length);
            at += own.length;
        }
        return all;
    }

    private byte[] inPages(Operand operand) {
        byte[] cache = vectors.pages(pages() * math.kvHeads());
        int[] tables = tables();
        for (int i = 0; i < sequences.size(); i++) {
            List<byte[]> drawn = drawn(i, operand);
            for (int at = 0; at < drawn.size(); at++) {
                int position = at / math.kvHeads();
                int page = tables[i * tableLength() + position / CachePages.POSITIONS];
                vectors.store(
                        drawn.get(at),
                        cache,
                        page * math.kvHeads() + at % math.kvHeads(),
                        position % CachePages.POSITIONS);
            }
        }
        return cache;
    }

    private static short[] bf16(float[] values) {
        short[] bits = new short[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Bfloat16.fromFloat(values[i]);
        }
        return bits;
    }

    int rows() {
        return sequences.stream().mapToInt(Sequence::rows).sum();
    }

    private int pages() {
        return sequences.stream().mapToInt(Sequence::pages).sum();
    }

    /** Bytes of the keys, or of the values, of all pages. */
    long cachedBytes() {
        return CachePages.bytes(vectors.format(), pages(), math.kvHeads(), math.head());
    }

    int tableLength() {
        return sequences.stream().mapToInt(Sequence::pages).max().orElseThrow();
    }

    /** Positions of the rows. */
    int[] positions() {
        return sequences.stream()
                .flatMapToInt(own -> IntStream.range(own.start(), own.positions()))
                .toArray();
    }

    /** Sequences of the rows. */
    int[] owners() {
        int[] owners = new int[rows()];
        int row = 0;
        for (int i = 0; i < sequences.size(); i++) {
            int end = row + sequences.get(i).rows();
            Arrays.fill(owners, row, end, i);
            row = end;
        }
        return owners;
    }

    /** Page tables, {@code [sequences][tableLength]}; pages lie in no order. */
    int[] tables() {
        int[] pages = shuffled(pages());
        int[] tables = new int[sequences.size() * tableLength()];
        int taken = 0;
        for (int i = 0; i < sequences.size(); i++) {
            int own = sequences.get(i).pages();
            System.arraycopy(pages, taken, tables, i * tableLength(), own);
            taken += own;
        }
        return tables;
    }

    private static int[] shuffled(int count) {
        Random random = new Random(1);
        int[] order = new int[count];
        for (int i = 1; i < count; i++) {
            int other = random.nextInt(i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** What is right for its sequences, where they are {@link #ragged}. */
    List<ReferenceAttention.Result> results() {
        return IntStream.range(0, sequences.size())
                .mapToObj(i -> math.of(
                        sequences.get(i).start(),
                        drawnQueries(i),
                        read(drawn(i, Operand.KEYS)),
                        read(drawn(i, Operand.VALUES))))
                .toList();
    }
}
