package org.mxforge.runtime.exec.cpu;

import java.util.Arrays;
import org.mxforge.runtime.cpu.CpuExecutor;

/** Causal grouped-query attention of some rows over a cache; rows and heads are independent tasks. */
final class Attention {
    /** Rows of one task: few enough that the long last rows spread over the threads. */
    private static final int ROWS = 32;

    private final HostMatrix queries;
    private final HostMatrix out;
    private final HostKvCache cache;
    private final int layer;
    private final int heads;
    private final int start;

    Attention(HostMatrix queries, int heads, HostKvCache cache, int layer, int start, HostMatrix out) {
        if (heads % cache.kvHeads() != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share " + cache.kvHeads() + " key heads");
        }
        cache.check(start, queries.rows());
        this.queries = queries;
        this.out = out;
        this.cache = cache;
        this.layer = layer;
        this.heads = heads;
        this.start = start;
    }

    void run(CpuExecutor executor) {
        int blocks = (queries.rows() + ROWS - 1) / ROWS;
        // The last rows see the most positions: starting with them leaves the short tasks for the end.
        executor.run(blocks * heads, task -> {
            int begin = (blocks - 1 - task / heads) * ROWS;
            int end = Math.min(begin + ROWS, queries.rows());
            float[] scores = new float[start + end];
            float[] sum = new float[cache.head()];
            for (int row = begin; row < end; row++) {
                attend(row, task % heads, scores, sum);
            }
        });
    }

    private void attend(int row, int head, float[] scores, float[] sum) {
        int size = cache.head();
        int group = layer * cache.kvHeads() + head / (heads / cache.kvHeads());
        int positions = start + row + 1;
        int at = row * queries.columns() + head * size;
        Arrays.fill(scores, 0, positions, 0f);
        Panel.multiplyAdd(queries.values(), at, size, cache.keys()[group], scores, positions);
        softmax(scores, positions, (float) (1 / Math.sqrt(size)));
        Arrays.fill(sum, 0f);
        Panel.multiplyAdd(scores, 0, positions, cache.values()[group], sum, size);
        System.arraycopy(sum, 0, out.values(), at, size);
    }

    private static void softmax(float[] scores, int count, float scale) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, scores[i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            float e = (float) Math.exp((scores[i] - max) * scale);
            scores[i] = e;
            sum += e;
        }
        float factor = (float) (1 / sum);
        for (int i = 0; i < count; i++) {
            scores[i] *= factor;
        }
    }
}
