package org.mxforge.runtime.checkpoint.safetensors;

import java.util.List;

/**
 * What a header says about one tensor; the size is known to follow from type and shape.
 *
 * @param shape outermost dimension first; empty for a scalar
 * @param begin first byte, counted from the start of the data
 * @param end one past the last byte
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long begin, long end) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /** Size of the data in bytes. */
    public long bytes() {
        return end - begin;
    }

    /** Number of elements. */
    public long elements() {
        return shape.stream().reduce(1L, (a, b) -> a * b);
    }
}
