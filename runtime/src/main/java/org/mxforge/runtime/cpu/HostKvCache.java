package org.mxforge.runtime.cpu;

import org.mxforge.runtime.backend.KvCache;

/**
 * Keys lie transposed, [kvHeads][head][capacity] for each layer, so that scores are computed over contiguous positions; values
 * lie [kvHeads][capacity][head], so that outputs are summed over contiguous channels.
 */
record HostKvCache(float[][] keys, float[][] values, int capacity, int kvHeads, int head) implements KvCache {
    static HostKvCache allocate(int layers, int capacity, int kvHeads, int head) {
        float[][] keys = new float[layers][];
        float[][] values = new float[layers][];
        for (int layer = 0; layer < layers; layer++) {
            keys[layer] = HostMemory.floats((long) capacity * kvHeads * head);
            values[layer] = HostMemory.floats((long) capacity * kvHeads * head);
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
                int to = h * capacity * head;
                for (int i = 0; i < head; i++) {
                    keys[layer][to + i * capacity + start + row] = k.values()[from + i];
                }
                System.arraycopy(v.values(), from, values[layer], to + (start + row) * head, head);
            }
        }
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
