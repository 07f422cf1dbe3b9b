package org.mxforge.runtime.exec.shard;

import java.util.List;
import org.mxforge.runtime.exec.spi.Batch;

/** A batch on each device. The first samples, and the host tells the others what came. */
final class ShardedBatch extends Batch {
    private final Shards shards;
    private final List<Batch> parts;

    ShardedBatch(Shards shards, ShardedCache cache, List<Batch> parts, int vocabulary, int rows, int sequences) {
        super(cache, vocabulary, rows, sequences);
        this.shards = shards;
        this.parts = parts;
    }

    static Batch on(int device, Batch batch) {
        return ((ShardedBatch) batch).parts.get(device);
    }

    @Override
    protected void upload(int[] words) {
        shards.each(device -> parts.get(device).put(this));
    }

    @Override
    protected int[] downloadTokens(int count) {
        return parts.get(0).tokens();
    }

    @Override
    public void close() {
        parts.forEach(Batch::close);
    }
}
