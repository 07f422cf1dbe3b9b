package org.mxforge.runtime.check;

import static org.mxforge.dsl.format.ScalarType.BF16;
import static org.mxforge.dsl.format.ScalarType.FP32;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.runtime.oracle.CachedVector;
import org.mxforge.runtime.oracle.ReferenceAttention;

/** Kernels that write and read the key/value cache, whose pages lie in no order. */
final class CacheTrials {
    /** Of all positions. */
    private static final int WIDE = 4096;

    private static final float EPSILON = 1e-5f;

    private CacheTrials() {}

    private interface Cached extends Trial {
        @Override
        default Set<Data> data() {
            return EnumSet.of(Data.RANDOM, Data.ZEROS);
        }

        @Override
        default boolean isExact(KernelSpec unused, Data data) {
            return false;
        }
    }

    /**
     * Two sequences, of which the second is at its beginning, and the pages of both.
     *
     * @param starts positions in the cache before
     * @param counts new ones
     * @param table pages of each, the first for nobody
     */
    private record Sequences(int[] starts, int[] counts, int tableLength, int[] table, int pages) {
        static Sequences of(CheckCase of, Draw draw) {
            int rows = of.sizes().get("rows");
            int[] starts = {of.sizes().get("start"), 0};
            int[] counts = {rows, (rows + 2) / 3};
            int[] pages = new int[2];
            for (int i = 0; i < 2; i++) {
                pages[i] = (starts[i] + counts[i] + CachePages.POSITIONS - 1) / CachePages.POSITIONS;
            }
            int length = Math.max(pages[0], pages[1]);
            int[] order = draw.order(pages[0] + pages[1]);
            int[] table = new int[3 * length];
            System.arraycopy(order, 0, table, length, pages[0]);
            System.arraycopy(order, pages[0], table, 2 * length, pages[1]);
            return new Sequences(starts, counts, length, table, order.length);
        }

        int rows() {
            return counts[0] + counts[1];
        }

        int owner(int row) {
            return row < counts[0] ? 0 : 1;
        }

        int position(int row) {
            return row < counts[0] ? starts[0] + row : row - counts[0];
        }

        int page(int sequence, int position) {
            return table[(sequence + 1) * tableLength + position / CachePages.POSITIONS];
        }

        int[] positions() {
            return IntStream.range(0, rows()).map(this::position).toArray();
        }

        int[] owners() {
            return IntStream.range(0, rows()).map(row -> owner(row) + 1).toArray();
        }
    }

    /** What attention reads of a cache of one layer, and its bytes. */
    private static final class Cache {
        private final CacheFormat format;
        private final int kvHeads;
        private final int head;
        private final byte[] bytes;

        /** Nothing is written: NaN, as numbers and as scales. */
        Cache(CacheFormat format, int pages, int kvHeads, int head) {
            this.format = format;
            this.kvHeads = kvHeads;
            this.head = head;
            this.bytes = new byte[Math.toIntExact(CachePages.bytes(format, pages, kvHeads, head))];
            Arrays.fill(bytes, (byte) -1);
        }

        /** Puts a vector from {@code at} on, and replaces it by what is kept of it. */
        void put(int page, int kvHead, int position, float[] rows, int at) {
            int row = position % CachePages.POSITIONS;
            if (format != CacheFormat.BF16) {
                CachedVector kept = CachedVector.of(format, Arrays.copyOfRange(rows, at, at + head));
                kept.store(bytes, (page * kvHeads + kvHead) * CachePages.POSITIONS + row);
                System.arraycopy(kept.values(), 0, rows, at, head);
                return;
            }
            for (int i = 0; i < head; i++) {
                byte[] number = Operands.bytes(BF16, rows[at + i]);
                System.arraycopy(number, 0, bytes, place(kvHeads, head, page, kvHead, row, i), number.length);
            }
        }
    }

    private static int place(int kvHeads, int head, int page, int kvHead, int row, int channel) {
        return (int) CachePages.offset(kvHeads, head, page, kvHead, row, channel) * Short.BYTES;
    }

    /** Within what rounding weights and result to BF16 may come to. */
    record Attention(AttentionSpec spec) implements Cached {
        @Override
        public List<Extent> extents() {
            return List.of(
                    Extent.any("rows", 5, 40),
                    Extent.any("kvHeads", 2, 2),
                    Extent.any("group", 2, 8),
                    Extent.of("start", 9, 0, 1, 150),
                    Extent.any("window", WIDE, 200));
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            Draw draw = Draw.of(of);
            Sequences sequences = Sequences.of(of, draw);
            int kvHeads = of.sizes().get("kvHeads");
            int heads = kvHeads * of.sizes().get("group");
            int head = spec.head();
            int window = of.sizes().get("window");
            ReferenceAttention math =
                    new ReferenceAttention(heads, kvHeads, head, window == WIDE ? Integer.MAX_VALUE : window);
            Cache keys = new Cache(spec.cache(), sequences.pages(), kvHeads, head);
            Cache values = new Cache(spec.cache(), sequences.pages(), kvHeads, head);
            int count = sequences.rows() * heads * head;
            float[] queries = draw.normal(count);
            double[] wanted = new double[count];
            double[] allowed = new double[count];
            int at = 0;
            for (int i = 0; i < 2; i++) {
                int positions = sequences.starts[i] + sequences.counts[i];
                float[] k = draw.numbers(BF16, positions * kvHeads * head);
                float[] v = draw.numbers(BF16, positions * kvHeads * head);
                for (int vector = 0; vector < positions * kvHeads; vector++) {
                    int position = vector / kvHeads;
                    int page = sequences.page(i, position);
                    keys.put(page, vector % kvHeads, position, k, vector * head);
                    values.put(page, vector % kvHeads, position, v, vector * head);
                }
                int own = sequences.counts[i] * heads * head;
                ReferenceAttention.Result result =
                        math.of(sequences.starts[i], Arrays.copyOfRange(queries, at, at + own), k, v);
                for (int j = 0; j < own; j++, at++) {
                    wanted[at] = result.value(j);
                    allowed[at] = result.allowed(j);
                }
            }
            long out = operands.room("out", BF16, count);
            return new Launched(
                    new AttentionArguments(
                            sequences.rows(),
                            heads,
                            kvHeads,
                            window == WIDE ? Integer.MAX_VALUE : window,
                            sequences.tableLength,
                            operands.ints("positions", sequences.positions()),
                            operands.ints("sequences", sequences.owners()),
                            operands.ints("pages", sequences.table),
                            operands.bf16("q", queries),
                            operands.bytes("k", keys.bytes),
                            operands.bytes("v", values.bytes),
                            out),
                    Wanted.of("out", out, BF16, heads * head, wanted).within(allowed));
        }
    }

    /** Queries and keys, which are computed, are close; values are kept to the bit. */
    record KvAppend(KvAppendSpec spec) implements Cached {
        @Override
        public List<Extent> extents() {
            int step = spec.cache() == CacheFormat.BF16 ? 8 : CacheFormat.GROUP;
            return List.of(
                    Extent.any("rows", 5, 10),
                    Extent.any("kvHeads", 2, 3),
                    Extent.any("group", 2, 4),
                    Extent.of("head", 64, step, step, 160),
                    Extent.of("start", 9, 0, 1, 60));
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            Draw draw = Draw.of(of);
            Sequences sequences = Sequences.of(of, draw);
            int kvHeads = of.sizes().get("kvHeads");
            int heads = kvHeads * of.sizes().get("group");
            int head = of.sizes().get("head");
            int rows = sequences.rows();
            int width = (heads + 2 * kvHeads) * head;
            float[] x = draw.numbers(FP32, rows * width);
            float[] queryNorm = draw.normal(head);
            float[] keyNorm = draw.normal(head);
            int angles = (Math.max(sequences.starts[0] + sequences.counts[0], sequences.counts[1])) * head / 2;
            float[] cos = new float[angles];
            float[] sin = new float[angles];
            for (int i = 0; i < angles; i++) {
                double angle = 2 * draw.gaussian();
                cos[i] = (float) Math.cos(angle);
                sin[i] = (float) Math.sin(angle);
            }
            Heads all = new Heads(sequences, x, width, head, cos, sin, spec);
            byte[] unwritten = new Cache(spec.cache(), sequences.pages(), kvHeads, head).bytes;
            long q = operands.room("queries", BF16, (long) rows * heads * head);
            long k = operands.bytes("keys", unwritten);
            long v = operands.bytes("values", unwritten);
            return new Launched(
                    new KvAppendArguments(
                            rows,
                            heads,
                            kvHeads,
                            head,
                            sequences.tableLength,
                            operands.ints("positions", sequences.positions()),
                            operands.ints("sequences", sequences.owners()),
                            operands.ints("pages", sequences.table),
                            operands.floats("x", x),
                            spec.headNorms() ? operands.bf16("queryNorm", queryNorm) : 0,
                            spec.headNorms() ? operands.bf16("keyNorm", keyNorm) : 0,
                            EPSILON,
                            operands.floats("cos", cos),
                            operands.floats("sin", sin),
                            q,
                            k,
                            v),
                    all.queries(q, heads, queryNorm),
                    all.keys(k, heads, kvHeads, keyNorm),
                    all.values(v, heads, kvHeads));
        }
    }

    /** What becomes of heads. */
    private record Heads(
            Sequences sequences, float[] x, int width, int head, float[] cos, float[] sin, KvAppendSpec spec) {
        private boolean quantized() {
            return spec.cache() != CacheFormat.BF16;
        }

        Wanted queries(long address, int heads, float[] norm) {
            double[] values = new double[sequences.rows() * heads * head];
            double[] allowed = new double[values.length];
            for (int vector = 0; vector < sequences.rows() * heads; vector++) {
                int row = vector / heads;
                rotated(row, vector % heads, norm, 1.0 / Integer.lowestOneBit(head), values, allowed, vector * head);
            }
            return Wanted.of("queries", address, BF16, heads * head, values).within(allowed);
        }

        Wanted keys(long address, int heads, int kvHeads, float[] norm) {
            int vectors = sequences.rows() * kvHeads;
            double[] values = new double[vectors * head];
            double[] allowed = new double[values.length];
            for (int vector = 0; vector < vectors; vector++) {
                int row = vector / kvHeads;
                rotated(row, heads + vector % kvHeads, norm, 1, values, allowed, vector * head);
                if (quantized()) {
                    quantizedKey(values, allowed, vector * head);
                }
            }
            return reading(Wanted.of("keys", address, BF16, kvHeads * head, values), kvHeads)
                    .within(allowed);
        }

        /** A key may be rounded to another code where two are about as near. */
        private void quantizedKey(double[] values, double[] allowed, int at) {
            float[] key = new float[head];
            double largest = 0;
            for (int i = 0; i < head; i++) {
                key[i] = (float) values[at + i];
                largest = Math.max(largest, Math.abs(key[i]));
            }
            float[] nearest = CachedVector.of(spec.cache(), key).values();
            for (int i = 0; i < head; i++) {
                allowed[at + i] = Math.abs(nearest[i] - key[i]) + 0.005 * largest + Rounding.FLUSHED;
            }
        }

        Wanted values(long address, int heads, int kvHeads) {
            int vectors = sequences.rows() * kvHeads;
            double[] values = new double[vectors * head];
            for (int vector = 0; vector < vectors; vector++) {
                int from = vector / kvHeads * width + (heads + kvHeads + vector % kvHeads) * head;
                float[] own = Arrays.copyOfRange(x, from, from + head);
                if (quantized()) {
                    own = CachedVector.of(spec.cache(), own).values();
                }
                for (int i = 0; i < head; i++) {
                    values[vector * head + i] = Draw.rounded(BF16, own[i]);
                }
            }
            return reading(Wanted.of("values", address, BF16, kvHeads * head, values), kvHeads);
        }

        /** The rows' places in the cache. */
        private Wanted reading(Wanted wanted, int kvHeads) {
            if (quantized()) {
                return wanted.reading(array -> quantized(array, kvHeads));
            }
            return wanted.at(i -> {
                int row = i / head / kvHeads;
                int position = sequences.position(row);
                int page = sequences.page(sequences.owner(row), position);
                int place = place(kvHeads, head, page, i / head % kvHeads, position % CachePages.POSITIONS, i % head);
                return place / Short.BYTES;
            });
        }

        private double[] quantized(byte[] array, int kvHeads) {
            double[] kept = new double[sequences.rows() * kvHeads * head];
            for (int vector = 0; vector < kept.length / head; vector++) {
                int row = vector / kvHeads;
                int position = sequences.position(row);
                int before = sequences.page(sequences.owner(row), position) * kvHeads + vector % kvHeads;
                int number = before * CachePages.POSITIONS + position % CachePages.POSITIONS;
                float[] own = CachedVector.read(spec.cache(), array, number, head);
                for (int i = 0; i < head; i++) {
                    kept[vector * head + i] = own[i];
                }
            }
            return kept;
        }

        private void rotated(
                int row, int number, float[] norm, double factor, double[] values, double[] allowed, int at) {
            int from = row * width + number * head;
            int half = head / 2;
            double scale = spec.headNorms() ? RowTrials.norm(x, from, head, EPSILON) : 1;
            double[] own = new double[head];
            double largest = 0;
            for (int i = 0; i < half; i++) {
                int angle = sequences.position(row) * half + i;
                double a = x[from + i] * scale * (spec.headNorms() ? norm[i] : 1);
                double b = x[from + half + i] * scale * (spec.headNorms() ? norm[half + i] : 1);
                own[i] = a * cos[angle] - b * sin[angle];
                own[half + i] = b * cos[angle] + a * sin[angle];
                largest = Math.max(largest, Math.abs(a) + Math.abs(b));
            }
            if (quantized()) {
                own = turned(own, factor);
            }
            for (int i = 0; i < head; i++) {
                values[at + i] = own[i];
                allowed[at + i] = Rounding.of(BF16, own[i]) + 0x1p-16 * largest + Rounding.FLUSHED;
            }
        }

        /** Times the Hadamard matrix of the largest power of two that divides the head, and a factor. */
        private double[] turned(double[] own, double factor) {
            int block = Integer.lowestOneBit(head);
            double[] out = new double[head];
            for (int i = 0; i < head; i++) {
                int first = i - i % block;
                for (int j = 0; j < block; j++) {
                    out[i] += (Integer.bitCount(j & i - first) % 2 == 0 ? factor : -factor) * own[first + j];
                }
            }
            return out;
        }
    }
}
