package org.mxforge.runtime.checkpoint.safetensors;

import java.util.List;
import org.mxforge.runtime.base.MxForgeException;

/**
 * What a header says about one tensor. The size is known to follow from type and shape where the type is known.
 *
 * @param dtype its type as the file names it
 * @param shape outermost dimension first; empty for a scalar
 * @param begin first byte, counted from the start of the data
 * @param end one past the last byte
 */
public record TensorInfo(String name, String dtype, List<Long> shape, long begin, long end) {
    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /**
     * The type of its elements.
     *
     * @throws MxForgeException if it is none that is known; that matters only to who wants to read it
     */
    public TensorType type() {
        return TensorType.named(dtype)
                .orElseThrow(() -> new MxForgeException("tensor '" + name + "' has the unknown dtype '" + dtype
                        + "'; known are " + List.of(TensorType.values())));
    }

    /** The same under another name. */
    TensorInfo named(String other) {
        return new TensorInfo(other, dtype, shape, begin, end);
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
