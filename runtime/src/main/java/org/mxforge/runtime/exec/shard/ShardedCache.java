package org.mxforge.runtime.exec.shard;

import java.util.List;
import org.mxforge.runtime.exec.spi.KvCache;

/** The keys and values of each device's heads on it; the devices use the same pages. */
final class ShardedCache extends KvCache {
    private final Shards shards;
    private final List<KvCache> parts;

    ShardedCache(Shards shards, List<KvCache> parts, int sequences) {
        super(parts.get(0), sequences);
        this.shards = shards;
        this.parts = parts;
    }

    KvCache part(int device) {
        return parts.get(device);
    }

    @Override
    public void close() {
        shards.each(device -> parts.get(device).close());
    }
}
