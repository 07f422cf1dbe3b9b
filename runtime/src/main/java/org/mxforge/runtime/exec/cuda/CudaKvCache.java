package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.cuda.driver.DeviceBuffer;
import org.mxforge.runtime.exec.spi.KvCache;

/** BF16, [layers][capacity][kvHeads][head] each. */
record CudaKvCache(Gpu gpu, DeviceBuffer keys, DeviceBuffer values, int layers, int capacity, int kvHeads, int head)
        implements KvCache {
    static CudaKvCache allocate(Gpu gpu, int layers, int capacity, int kvHeads, int head) {
        if (layers <= 0 || capacity <= 0 || kvHeads <= 0 || head <= 0) {
            throw new IllegalArgumentException(
                    "a key/value cache cannot be " + layers + "x" + capacity + "x" + kvHeads + "x" + head);
        }
        long bytes = (long) layers * capacity * kvHeads * head * ScalarType.BF16.bytes();
        String purpose = "the key/value cache for " + capacity + " positions";
        return new CudaKvCache(
                gpu, gpu.lasting(purpose, bytes), gpu.lasting(purpose, bytes), layers, capacity, kvHeads, head);
    }

    /** Values of one position in one layer. */
    int columns() {
        return kvHeads * head;
    }

    /** Byte offset of a layer's position in either buffer. */
    long offset(int layer, int position) {
        if (layer < 0 || layer >= layers) {
            throw new IllegalArgumentException("layer " + layer + " of a cache for " + layers);
        }
        return ((long) layer * capacity + position) * columns() * ScalarType.BF16.bytes();
    }

    /** Refuses positions that the cache has no room for. */
    void checkRoom(int start, int rows) {
        if (start < 0 || rows > capacity - start) {
            throw new IllegalArgumentException(
                    rows + " positions from " + start + " on do not fit into a cache for " + capacity);
        }
    }

    void store(int layer, int start, CudaMatrix newKeys, CudaMatrix newValues) {
        checkRoom(start, newKeys.rows());
        long offset = offset(layer, start);
        long bytes = newKeys.rows() * newKeys.rowBytes();
        keys.copy(gpu.stream(), offset, newKeys.memory().buffer(), 0, bytes);
        values.copy(gpu.stream(), offset, newValues.memory().buffer(), 0, bytes);
    }

    @Override
    public void close() {
        gpu.release(keys);
        gpu.release(values);
    }
}
