package org.mxforge.runtime.engine;

import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Decoder;

/** Runs a model on tokens without meaning, so that a variant is chosen for every shape that it needs. */
public final class Rehearsal {
    private Rehearsal() {}

    /** All layers and the output head with {@code rows} tokens at once. */
    public static void run(Decoder decoder, int rows) {
        try (KvCache cache = decoder.newCache(1, rows);
                KvCache.Sequence sequence = cache.open()) {
            decoder.logits(sequence, new int[rows], rows, (logits, firstRow) -> {});
        }
    }
}
