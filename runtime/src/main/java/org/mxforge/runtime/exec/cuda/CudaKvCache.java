package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.KvCache;

/** [layers] of {@link CachePages} for keys and for values. */
final class CudaKvCache extends KvCache {
    private final Gpu gpu;
    private final CacheFormat format;
    private final int layers;
    private final int kvHeads;
    private final int head;

    /** Keys, and values behind them. */
    private final DeviceBuffer memory;

    CudaKvCache(Gpu gpu, CacheFormat format, int layers, int kvHeads, int head, int sequences, int longest) {
        super(sequences, longest, CachePages.POSITIONS);
        if (layers <= 0 || kvHeads <= 0 || head <= 0) {
            throw new IllegalArgumentException(
                    "a key/value cache cannot be of " + layers + " layers, " + kvHeads + " heads of " + head);
        }
        this.gpu = gpu;
        this.format = format;
        this.layers = layers;
        this.kvHeads = kvHeads;
        this.head = head;
        String purpose = "the key/value cache for " + sequences + " x " + longest + " positions";
        memory = gpu.lasting(purpose, 2 * layers * layerBytes());
    }

    CacheFormat format() {
        return format;
    }

    int kvHeads() {
        return kvHeads;
    }

    int head() {
        return head;
    }

    /** The address of a layer's keys. */
    long keys(int layer) {
        return memory.address() + offset(layer);
    }

    /** The address of a layer's values. */
    long values(int layer) {
        return memory.address() + layers * layerBytes() + offset(layer);
    }

    private long offset(int layer) {
        if (layer < 0 || layer >= layers) {
            throw new IllegalArgumentException("layer " + layer + " of a cache for " + layers);
        }
        return layer * layerBytes();
    }

    private long layerBytes() {
        return CachePages.bytes(format, pages(), kvHeads, head);
    }

    @Override
    public void close() {
        gpu.release(memory);
    }
}
