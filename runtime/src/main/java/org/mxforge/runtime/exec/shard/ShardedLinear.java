package org.mxforge.runtime.exec.shard;

import java.util.List;
import org.mxforge.runtime.exec.spi.Linear;

/**
 * A layer on each device, or on the first alone.
 *
 * @param parts what each has, or the first
 */
record ShardedLinear(Weight.Cut cut, List<Linear> parts) implements Linear {
    static ShardedLinear of(Linear layer) {
        if (layer instanceof ShardedLinear sharded) {
            return sharded;
        }
        throw new IllegalArgumentException("devices that share a model were given a layer of one");
    }

    /** On the first device alone. */
    static ShardedLinear onFirst(Linear layer) {
        return new ShardedLinear(Weight.Cut.OUTPUTS, List.of(layer));
    }

    /** Of each part. */
    @Override
    public int outputs() {
        return parts.get(0).outputs();
    }

    /** Of each part. */
    @Override
    public int channels() {
        return parts.get(0).channels();
    }
}
