package org.mxforge.runtime.checkpoint.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;

/** A few values over and over, for tensors that nobody has stored. */
final class RepeatedValues implements TensorData {
    private final ByteBuffer values;

    /** @param values BF16 bits, at least one */
    RepeatedValues(short[] values) {
        this.values = ByteBuffer.allocate(Short.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        this.values.asShortBuffer().put(values);
    }

    @Override
    public void read(long begin, long end, Consumer<ByteBuffer> reader) {
        for (long at = begin; at < end; ) {
            int offset = (int) (at % values.capacity());
            int size = (int) Math.min(end - at, values.capacity() - offset);
            reader.accept(values.slice(offset, size).order(ByteOrder.LITTLE_ENDIAN));
            at += size;
        }
    }
}
