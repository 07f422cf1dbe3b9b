package org.mxforge.runtime.exec.spi;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.runtime.exec.spi.Backend.Embedding;

/** Single operations over batches, in a cache made for the purpose. */
public final class Batches {
    private Batches() {}

    /** {@code out[i] = table[ids[i]]}; there is no upload, but an embedding table brings any values to a backend. */
    public static void embed(Backend backend, Embedding table, int[] ids, Matrix out) {
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 1, 1, 8, 1, ids.length);
                KvCache.Sequence sequence = cache.open();
                Batch batch = backend.batch(cache, table.rows(), ids.length, 1)) {
            batch.put(List.of(new Batch.Part(sequence, ids, 0)));
            backend.embed(table, batch, out);
        }
    }

    /** A token from each row of {@code logits}, all chosen alike. */
    public static int[] sample(Backend backend, Matrix logits, Batch.Choice choice) {
        int rows = logits.rows();
        try (KvCache cache = backend.kvCache(CacheFormat.BF16, 1, 1, 8, rows, 1);
                Batch batch = backend.batch(cache, 1, rows, rows)) {
            List<Batch.Part> parts = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                parts.add(new Batch.Part(cache.open(), new int[] {0}, 1, choice));
            }
            batch.put(parts);
            backend.sample(logits, batch, 0);
            return batch.tokens();
        }
    }
}
