package org.mxforge.runtime.exec.cpu;

import java.util.Optional;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.exec.spi.Backend.HeadNorms;
import org.mxforge.runtime.exec.spi.Batch.Field;
import org.mxforge.runtime.exec.spi.Vector;

/** Rotary position embedding in the half-split form of Hugging Face checkpoints, by the positions of a batch. */
record Rotation(CpuExecutor executor, HostRopeTable table, HostBatch batch) {
    private static final int GRAIN = 8;

    /** What a head goes through before it is rotated. */
    private record Norm(float[] gain, float epsilon) {
        static Norm of(Vector weight, float epsilon, int head) {
            return new Norm(HostVector.of(weight, head).values(), epsilon);
        }
    }

    Rotation {
        if (2 * table.columns() != batch.cache().head()) {
            throw new IllegalArgumentException("a rotation table for heads of " + 2 * table.columns()
                    + " channels was given heads of " + batch.cache().head());
        }
        if (batch.cache().longest() > table.rows()) {
            throw new IllegalArgumentException("sequences of " + batch.cache().longest()
                    + " positions do not fit a rotation table of " + table.rows());
        }
    }

    /**
     * Takes rows of queries, keys and values apart: queries go into {@code queries}, rotated, keys and values into a layer of the
     * batch's cache, the keys rotated, as it keeps them.
     */
    void append(int layer, HostMatrix projected, Optional<HeadNorms> norms, HostMatrix queries) {
        int head = batch.cache().head();
        int heads = queries.columns() / head;
        int kvHeads = batch.cache().kvHeads();
        CacheFormat format = batch.cache().format();
        Optional<Norm> ofQueries = norms.map(both -> Norm.of(both.queries(), both.epsilon(), head));
        Optional<Norm> ofKeys = norms.map(both -> Norm.of(both.keys(), both.epsilon(), head));
        executor.ranges(projected.rows(), GRAIN, (begin, end) -> {
            float[] key = new float[head];
            float[] value = new float[head];
            for (int row = begin; row < end; row++) {
                int at = row * projected.columns();
                for (int i = 0; i < heads; i++, at += head) {
                    int to = row * queries.columns() + i * head;
                    rotate(projected.values(), at, ofQueries, row, queries.values(), to);
                    format.turnQuery(queries.values(), to, head);
                }
                for (int i = 0; i < kvHeads; i++, at += head) {
                    rotate(projected.values(), at, ofKeys, row, key, 0);
                    System.arraycopy(projected.values(), at + kvHeads * head, value, 0, head);
                    format.roundKey(key, 0, head);
                    format.roundValue(value, 0, head);
                    append(layer, i, row, key, value);
                }
            }
        });
    }

    /** Puts a key and a value where the row's position lies. */
    private void append(int layer, int kvHead, int row, float[] key, float[] value) {
        HostKvCache cache = batch.cache();
        int position = batch.number(Field.POSITIONS, row);
        int page = batch.page(row, position / cache.positions());
        int place = position % cache.positions();
        float[][] channels = cache.keys(layer, kvHead, page);
        for (int i = 0; i < key.length; i++) {
            channels[i][place] = key[i];
        }
        System.arraycopy(value, 0, cache.values(layer, kvHead, page)[place], 0, value.length);
    }

    /** Rotates the head that begins at {@code at}, after its norm, into {@code out} from {@code to} on. */
    private void rotate(float[] from, int at, Optional<Norm> norm, int row, float[] out, int to) {
        int half = table.columns();
        norm.ifPresentOrElse(
                head -> CpuInputSteps.rmsNorm(from, at, head.gain(), head.epsilon(), out, to),
                () -> System.arraycopy(from, at, out, to, 2 * half));
        int angle = batch.number(Field.POSITIONS, row) * half;
        for (int i = 0; i < half; i++) {
            float cos = table.cos()[angle + i];
            float sin = table.sin()[angle + i];
            float a = out[to + i];
            float b = out[to + half + i];
            out[to + i] = a * cos - b * sin;
            out[to + half + i] = b * cos + a * sin;
        }
    }
}
