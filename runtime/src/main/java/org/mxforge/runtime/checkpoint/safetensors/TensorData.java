package org.mxforge.runtime.checkpoint.safetensors;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The bytes that tensors are cut from. */
@FunctionalInterface
interface TensorData {
    /** Hands bytes {@code begin} to {@code end} to {@code reader} in order, as little-endian pieces that cut no element. */
    void read(long begin, long end, Consumer<ByteBuffer> reader);
}
