package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.cpu.HostMemory;
import org.mxforge.runtime.exec.spi.KvCache;

/**
 * Keys lie transposed, an array of {@code capacity} positions for each channel, so that scores are computed over contiguous
 * positions; values lie as an array of {@code head} channels for each position, so that outputs are summed over contiguous
 * channels.
 *
 * @param keys {@code [layers * kvHeads][head][capacity]}
 * @param values {@code [layers * kvHeads][capacity][head]}
 */
record HostKvCache(float[][][] keys, float[][][] values, int capacity, int kvHeads, int head) implements KvCache {
    static HostKvCache allocate(int layers, int capacity, int kvHeads, int head) {
        float[][][] keys = new float[layers * kvHeads][][];
        float[][][] values = new float[layers * kvHeads][][];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = HostMemory.floats(head, capacity);
            values[i] = HostMemory.floats(capacity, head);
        }
        return new HostKvCache(keys, values, capacity, kvHeads, head);
    }

    static HostKvCache of(KvCache cache) {
        if (cache instanceof HostKvCache host) {
            return host;
        }
        throw new IllegalArgumentException("the CPU backend was given a cache of another backend");
    }

    /** Refuses {@code rows} positions from {@code start} on that do not fit. */
    void check(int start, int rows) {
        if (start < 0 || rows < 0 || (long) start + rows > capacity) {
            throw new IllegalArgumentException("positions " + start + " to " + ((long) start + rows)
                    + " do not fit a cache of " + capacity + " positions");
        }
    }

    /** Copies {@code k} and {@code v}, [rows][kvHeads * head], to positions {@code start ..} of {@code layer}. */
    void store(int layer, int start, HostMatrix k, HostMatrix v) {
        check(start, k.rows());
        for (int row = 0; row < k.rows(); row++) {
            for (int h = 0; h < kvHeads; h++) {
                int from = (row * kvHeads + h) * head;
                float[][] channels = keys[layer * kvHeads + h];
                for (int i = 0; i < head; i++) {
                    channels[i][start + row] = k.values()[from + i];
                }
                System.arraycopy(v.values(), from, values[layer * kvHeads + h][start + row], 0, head);
            }
        }
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
