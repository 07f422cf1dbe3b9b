package org.mxforge.runtime.checkpoint.safetensors;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mxforge.dsl.format.ScalarArray;

/** Writes the data of one tensor, little-endian, when its turn comes; may compute it only then. */
@FunctionalInterface
public interface TensorPayload {
    /** Writes exactly as many bytes as the tensor's type and shape say. */
    void writeTo(OutputStream out) throws IOException;

    static TensorPayload of(byte[] values) {
        return out -> out.write(values);
    }

    /** 16-bit values, such as BF16 bits. */
    static TensorPayload of(short[] values) {
        return chunked(values.length, Short.BYTES, (buffer, i) -> buffer.putShort(values[i]));
    }

    static TensorPayload of(int[] values) {
        return chunked(values.length, Integer.BYTES, (buffer, i) -> buffer.putInt(values[i]));
    }

    static TensorPayload of(float[] values) {
        return chunked(values.length, Float.BYTES, (buffer, i) -> buffer.putFloat(values[i]));
    }

    /** Values in their own type. */
    static TensorPayload of(ScalarArray values) {
        if (values instanceof ScalarArray.Bf16 brain) {
            return of(brain.bits());
        }
        return values instanceof ScalarArray.Fp16 half ? of(half.bits()) : of(values.floats());
    }

    private static TensorPayload chunked(int count, int bytes, ElementWriter writer) {
        return out -> {
            int chunk = 1 << 14;
            ByteBuffer buffer = ByteBuffer.allocate(chunk * bytes).order(ByteOrder.LITTLE_ENDIAN);
            for (int from = 0; from < count; from += chunk) {
                buffer.clear();
                for (int i = from; i < Math.min(count, from + chunk); i++) {
                    writer.put(buffer, i);
                }
                out.write(buffer.array(), 0, buffer.position());
            }
        };
    }

    /** Puts element {@code index} into a buffer. */
    @FunctionalInterface
    interface ElementWriter {
        void put(ByteBuffer buffer, int index);
    }
}
