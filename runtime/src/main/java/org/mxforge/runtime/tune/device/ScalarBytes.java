package org.mxforge.runtime.tune.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;

/** Arrays of values to and from the bytes of a {@link ScalarType}. */
final class ScalarBytes {
    private ScalarBytes() {}

    static byte[] of(float[] values, ScalarType type) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(values.length, type.bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case BF16 -> bytes.putShort(Bfloat16.fromFloat(value));
                case FP16 -> bytes.putShort(Float16.fromFloat(value));
                case FP32 -> bytes.putFloat(value);
            }
        }
        return bytes.array();
    }

    static float[] values(ByteBuffer bytes, int count, ScalarType type) {
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case BF16 -> Bfloat16.toFloat(bytes.getShort());
                case FP16 -> Float16.toFloat(bytes.getShort());
                case FP32 -> bytes.getFloat();
            };
        }
        return values;
    }
}
