package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.Batch.Field;

/** Rotary position embedding in the half-split form of Hugging Face checkpoints, by the positions of a batch. */
record Rotation(CpuExecutor executor, HostRopeTable table, HostBatch batch) {
    private static final int GRAIN = 8;

    /** Rotates {@code heads} heads in every row of {@code x} into {@code out}. */
    void run(HostMatrix x, int heads, HostMatrix out) {
        check(heads, x.columns());
        executor.ranges(x.rows(), GRAIN, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                rotate(x, row, heads, out.values(), row * x.columns());
            }
        });
    }

    /** Puts {@code keys}, rotated, and {@code values} into a layer of the batch's cache. */
    void append(int layer, HostMatrix keys, HostMatrix values) {
        HostKvCache cache = batch.cache();
        check(cache.kvHeads(), keys.columns());
        executor.ranges(keys.rows(), GRAIN, (begin, end) -> {
            float[] rotated = new float[keys.columns()];
            for (int row = begin; row < end; row++) {
                rotate(keys, row, cache.kvHeads(), rotated, 0);
                append(layer, row, rotated, values);
            }
        });
    }

    private void append(int layer, int row, float[] keys, HostMatrix values) {
        HostKvCache cache = batch.cache();
        int head = cache.head();
        int position = batch.number(Field.POSITIONS, row);
        int page = batch.page(row, position / cache.positions());
        int at = position % cache.positions();
        for (int kvHead = 0; kvHead < cache.kvHeads(); kvHead++) {
            float[][] channels = cache.keys(layer, kvHead, page);
            for (int i = 0; i < head; i++) {
                channels[i][at] = keys[kvHead * head + i];
            }
            int from = row * values.columns() + kvHead * head;
            System.arraycopy(values.values(), from, cache.values(layer, kvHead, page)[at], 0, head);
        }
    }

    private void rotate(HostMatrix x, int row, int heads, float[] out, int outAt) {
        int half = table.columns();
        int angle = batch.number(Field.POSITIONS, row) * half;
        float[] from = x.values();
        for (int head = 0; head < heads; head++) {
            int at = row * x.columns() + head * 2 * half;
            int to = outAt + head * 2 * half;
            for (int i = 0; i < half; i++) {
                float cos = table.cos()[angle + i];
                float sin = table.sin()[angle + i];
                float a = from[at + i];
                float b = from[at + half + i];
                out[to + i] = a * cos - b * sin;
                out[to + half + i] = b * cos + a * sin;
            }
        }
    }

    private void check(int heads, int columns) {
        if (columns != heads * 2 * table.columns()) {
            throw new IllegalArgumentException(
                    columns + " columns are not " + heads + " heads of " + 2 * table.columns() + " channels");
        }
        if (batch.cache().longest() > table.rows()) {
            throw new IllegalArgumentException("sequences of " + batch.cache().longest()
                    + " positions do not fit a rotation table of " + table.rows());
        }
    }
}
