package org.mxforge.runtime.exec.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Backend.RopeTable;
import org.mxforge.runtime.exec.spi.Batch;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.exec.spi.Matrix;
import org.mxforge.runtime.kernel.VariantChooser;
import org.mxforge.tests.gpu.Numbers;

/** Causal grouped-query attention against its definition, and in pieces against the whole. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CpuAttentionTest {
    private static final int ROWS = 75;
    private static final int ALL = Integer.MAX_VALUE;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int HEAD = 24;
    private static final int WIDTH = (HEADS + 2 * KV_HEADS) * HEAD;

    private final float[] queries = CpuBackends.values(ROWS * HEADS * HEAD, 1);
    private final float[] keys = CpuBackends.values(ROWS * KV_HEADS * HEAD, 2);
    private final float[] values = CpuBackends.values(ROWS * KV_HEADS * HEAD, 3);
    private Backend backend;

    @BeforeAll
    void open(@TempDir Path cache) {
        backend = new CpuBackend(2, VariantChooser.DEFAULTS, new ArtifactCache(cache));
    }

    @AfterAll
    void close() {
        backend.close();
    }

    /** Windows within a page of the cache and beyond, which has 78 positions here. */
    @ParameterizedTest
    @ValueSource(ints = {ALL, ROWS, 74, 33, 8, 2, 1})
    void equalsItsDefinition(int window) {
        float[] result = inPieces(ROWS, window);
        for (int row = 0; row < ROWS; row += 7) {
            for (int head = 0; head < HEADS; head++) {
                double[] expected = expected(row, head, window);
                for (int i = 0; i < HEAD; i++) {
                    assertThat((double) result[(row * HEADS + head) * HEAD + i])
                            .as("row %d, head %d, channel %d", row, head, i)
                            .isCloseTo(expected[i], within(1e-4));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {ALL, 40, 8})
    void isTheSameInPieces(int window) {
        float[] whole = inPieces(ROWS, window);
        assertThat(inPieces(1, window)).isEqualTo(whole);
        assertThat(inPieces(31, window)).isEqualTo(whole);
    }

    /** What a window hides must not matter, not even where it is not finite, nor on which page of the cache it is. */
    @Test
    void windowsHideWhatIsBefore() {
        int rows = 600;
        int window = 70;
        float[] k = CpuBackends.values(rows * KV_HEADS * HEAD, 4);
        float[] v = CpuBackends.values(rows * KV_HEADS * HEAD, 5);
        float[] q = CpuBackends.values(rows * HEADS * HEAD, 6);
        float[] out = lastRow(q, k, v, rows, window);
        int hidden = (rows - window) * KV_HEADS * HEAD;
        Arrays.fill(k, 0, hidden, Float.NaN);
        Arrays.fill(v, 0, hidden, Float.POSITIVE_INFINITY);
        assertThat(lastRow(q, k, v, rows, window)).isEqualTo(out).doesNotContain(Float.NaN);
        assertThat(lastRow(q, k, v, rows, window + 1)).contains(Float.NaN);
    }

    private float[] lastRow(float[] q, float[] k, float[] v, int rows, int window) {
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 1, KV_HEADS, HEAD, 1, rows);
                KvCache.Sequence sequence = cache.open();
                Batch batch = backend.batch(cache, 1, rows, 1)) {
            batch.put(List.of(new Batch.Part(sequence, new int[rows], 0)));
            Matrix projected = CpuBackends.matrix(backend, Numbers.sideBySide(rows, q, k, v), rows, WIDTH);
            Matrix rotated = backend.activations(rows, HEADS * HEAD);
            Matrix out = backend.activations(rows, HEADS * HEAD);
            backend.append(batch, 0, unrotated(rows), projected, Optional.empty(), rotated);
            backend.attention(rotated, HEADS, batch, 0, window, out);
            float[] all = backend.download(out);
            return Arrays.copyOfRange(all, all.length - HEADS * HEAD, all.length);
        }
    }

    /** A second sequence, of other length, in the same batches: it must not matter. */
    @Test
    void isTheSameBesideAnotherSequence() {
        float[] whole = inPieces(ROWS, ALL);
        float[] result = new float[queries.length];
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 1, KV_HEADS, HEAD, 2, 2 * ROWS);
                KvCache.Sequence first = cache.open();
                KvCache.Sequence other = cache.open();
                Batch batch = backend.batch(cache, 1, ROWS, 2)) {
            attend(batch, List.of(new Batch.Part(other, new int[50], 0)), 0, ALL);
            for (int start = 0; start < ROWS; start += 25) {
                List<Batch.Part> parts =
                        List.of(new Batch.Part(other, new int[7], 0), new Batch.Part(first, new int[25], 0));
                float[] both = attend(batch, parts, start - 7, ALL);
                System.arraycopy(both, 7 * HEADS * HEAD, result, start * HEADS * HEAD, 25 * HEADS * HEAD);
            }
        }
        assertThat(result).isEqualTo(whole);
    }

    private float[] inPieces(int piece, int window) {
        float[] result = new float[queries.length];
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 2, KV_HEADS, HEAD, 1, ROWS + 3);
                KvCache.Sequence sequence = cache.open();
                Batch batch = backend.batch(cache, 1, ROWS, 1)) {
            for (int start = 0; start < ROWS; start += piece) {
                int rows = Math.min(piece, ROWS - start);
                float[] out = attend(batch, List.of(new Batch.Part(sequence, new int[rows], 0)), start, window);
                System.arraycopy(out, 0, result, start * HEADS * HEAD, out.length);
            }
        }
        return result;
    }

    /** Queries, keys and values of the batch's rows are those from row {@code start} on, those before the first any. */
    private float[] attend(Batch batch, List<Batch.Part> parts, int start, int window) {
        batch.put(parts);
        int rows = batch.rows();
        Matrix out = backend.activations(rows, HEADS * HEAD);
        int layer = 0;
        Matrix rotated = backend.activations(rows, HEADS * HEAD);
        Matrix projected = rows(Numbers.sideBySide(ROWS, queries, keys, values), start, rows, WIDTH);
        backend.append(batch, layer, unrotated(batch.cache().longest()), projected, Optional.empty(), rotated);
        backend.attention(rotated, HEADS, batch, layer, window, out);
        return backend.download(out);
    }

    /** Angles of zero. */
    private RopeTable unrotated(int positions) {
        float[] ones = new float[positions * HEAD / 2];
        Arrays.fill(ones, 1);
        return backend.ropeTable(ones, new float[ones.length], positions, HEAD / 2);
    }

    private Matrix rows(float[] from, int start, int rows, int columns) {
        float[] part = new float[rows * columns];
        int skipped = Math.max(0, -start) * columns;
        int at = Math.max(0, start) * columns;
        System.arraycopy(from, at, part, skipped, Math.min(part.length - skipped, from.length - at));
        return CpuBackends.matrix(backend, part, rows, columns);
    }

    private double[] expected(int row, int head, int window) {
        int kv = head / (HEADS / KV_HEADS);
        double[] weights = new double[row + 1];
        double sum = 0;
        for (int j = Math.max(0, row + 1 - window); j <= row; j++) {
            double score = 0;
            for (int i = 0; i < HEAD; i++) {
                score += (double) queries[(row * HEADS + head) * HEAD + i] * keys[(j * KV_HEADS + kv) * HEAD + i];
            }
            weights[j] = Math.exp(score / Math.sqrt(HEAD));
            sum += weights[j];
        }
        double[] result = new double[HEAD];
        for (int j = Math.max(0, row + 1 - window); j <= row; j++) {
            for (int i = 0; i < HEAD; i++) {
                result[i] += weights[j] / sum * values[(j * KV_HEADS + kv) * HEAD + i];
            }
        }
        return result;
    }
}
