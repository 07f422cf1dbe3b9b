package org.mxforge.runtime.exec.cpu;

import java.util.Arrays;
import org.mxforge.runtime.exec.spi.Batch.Field;

/** Causal grouped-query attention of a batch's rows over its cache; rows and heads are independent tasks. */
final class CpuAttention {
    /** Rows of one task: few enough that the long last rows spread over the threads. */
    private static final int ROWS = 32;

    private final HostMatrix queries;
    private final HostMatrix out;
    private final HostBatch batch;
    private final HostKvCache cache;
    private final int layer;
    private final int heads;
    private final int window;

    CpuAttention(HostMatrix queries, int heads, HostBatch batch, int layer, int window, HostMatrix out) {
        this.queries = queries;
        this.out = out;
        this.batch = batch;
        this.cache = batch.cache();
        this.layer = layer;
        this.heads = heads;
        this.window = window;
        if (heads % cache.kvHeads() != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share " + cache.kvHeads() + " key heads");
        }
    }

    void run(CpuExecutor executor) {
        int blocks = (queries.rows() + ROWS - 1) / ROWS;
        // The last rows of a text see the most positions: starting with them leaves the short tasks for the end.
        executor.run(blocks * heads, task -> {
            int begin = (blocks - 1 - task / heads) * ROWS;
            int end = Math.min(begin + ROWS, queries.rows());
            Task head = new Task(task % heads);
            for (int row = begin; row < end; row++) {
                head.attend(row);
            }
        });
    }

    /** One head of some rows. */
    private final class Task {
        private final int head;
        private final int kvHead;
        private final float[] page = new float[cache.positions()];
        private final float[] sum = new float[cache.head()];
        private float[] scores = {};

        Task(int head) {
            this.head = head;
            this.kvHead = head / (heads / cache.kvHeads());
        }

        void attend(int row) {
            int size = cache.head();
            int positions = batch.number(Field.POSITIONS, row) + 1;
            int begin = Math.max(0, positions - window);
            int at = row * queries.columns() + head * size;
            if (scores.length < positions) {
                scores = new float[Math.max(positions, 2 * scores.length)];
            }
            score(row, at, begin, positions);
            softmax(scores, begin, positions, (float) (1 / Math.sqrt(size)));
            Arrays.fill(sum, 0f);
            for (int first = begin; first < positions; first = pageEnd(first, positions)) {
                float[][] values = cache.values(layer, kvHead, batch.page(row, first / page.length));
                int skipped = first % page.length;
                float[][] seen = skipped == 0 ? values : Arrays.copyOfRange(values, skipped, page.length);
                Panel.multiplyAdd(scores, first, pageEnd(first, positions) - first, seen, sum, size);
            }
            System.arraycopy(sum, 0, out.values(), at, size);
        }

        /** Scores of whole pages up to the row's position: what lies before {@code begin} is not used. */
        private void score(int row, int at, int begin, int positions) {
            for (int first = begin - begin % page.length; first < positions; first += page.length) {
                int count = Math.min(page.length, positions - first);
                Arrays.fill(page, 0, count, 0f);
                float[][] keys = cache.keys(layer, kvHead, batch.page(row, first / page.length));
                Panel.multiplyAdd(queries.values(), at, cache.head(), keys, page, count);
                System.arraycopy(page, 0, scores, first, count);
            }
        }

        /** Where the page of {@code position} ends, or the positions do. */
        private int pageEnd(int position, int positions) {
            return Math.min(positions, position - position % page.length + page.length);
        }
    }

    private static void softmax(float[] scores, int begin, int end, float scale) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = begin; i < end; i++) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = begin; i < end; i++) {
            float e = (float) Math.exp((scores[i] - max) * scale);
            scores[i] = e;
            sum += e;
        }
        float factor = (float) (1 / sum);
        for (int i = begin; i < end; i++) {
            scores[i] *= factor;
        }
    }
}
