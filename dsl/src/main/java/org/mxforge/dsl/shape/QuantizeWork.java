package org.mxforge.dsl.shape;

import java.util.stream.Stream;

/**
 * What a reorder-quantize has to do: nothing but move bytes.
 *
 * @param read inputs, the norm's weight and the reorder index
 * @param written codes and scales, or containers and factors, without padding
 */
public record QuantizeWork(long read, long written) implements Work {
    @Override
    public long bytes() {
        return read + written;
    }

    @Override
    public Stream<GemmWork> products() {
        return Stream.empty();
    }
}
