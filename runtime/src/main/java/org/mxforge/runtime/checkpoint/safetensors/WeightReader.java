package org.mxforge.runtime.checkpoint.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Float16;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.TensorTransform;

/**
 * Takes weights out of a store with their shape checked and no fault in them: a NaN or an infinity is counted and reported
 * with the tensor's name instead of spoiling every output.
 */
public final class WeightReader {
    private static final int NAN_SCALE = 0xff;

    private final TensorStore store;
    private final TensorTransform transform;

    public WeightReader(TensorStore store) {
        this(store, TensorTransform.NONE);
    }

    private WeightReader(TensorStore store, TensorTransform transform) {
        this.store = store;
        this.transform = transform;
    }

    /** The weights of the same store changed by {@code transform}. */
    public WeightReader with(TensorTransform transform) {
        return new WeightReader(store, transform);
    }

    public TensorStore store() {
        return store;
    }

    /** A weight as BF16 bits. */
    public short[] bf16(String name, long... shape) {
        short[] values = stored(name, shape);
        return transform.changes(name) ? toBf16(transformed(name, values)) : values;
    }

    /** A weight as FP32 values of BF16 precision, not rounded again where it is changed. */
    public float[] widened(String name, long... shape) {
        short[] values = stored(name, shape);
        return transform.changes(name) ? transformed(name, values) : toFloats(values);
    }

    private float[] transformed(String name, short[] stored) {
        float[] values = toFloats(stored);
        transform.apply(name, values);
        return values;
    }

    private static float[] toFloats(short[] bf16) {
        float[] values = new float[bf16.length];
        IntStream.range(0, values.length).parallel().forEach(i -> values[i] = Bfloat16.toFloat(bf16[i]));
        return values;
    }

    private static short[] toBf16(float[] values) {
        short[] bf16 = new short[values.length];
        IntStream.range(0, bf16.length).parallel().forEach(i -> bf16[i] = Bfloat16.fromFloat(values[i]));
        return bf16;
    }

    private short[] stored(String name, long... shape) {
        store.require(name, shape);
        short[] values = store.bf16(name);
        long nan = 0;
        long infinite = 0;
        for (short value : values) {
            if ((value & 0x7f80) == 0x7f80) {
                boolean mantissa = (value & 0x7f) != 0;
                nan += mantissa ? 1 : 0;
                infinite += mantissa ? 0 : 1;
            }
        }
        refuse(name, nan, infinite, values.length);
        return values;
    }

    /** A weight as FP32. */
    public float[] f32(String name, long... shape) {
        store.require(name, shape);
        float[] values = store.f32(name);
        long nan = 0;
        long infinite = 0;
        for (float value : values) {
            nan += Float.isNaN(value) ? 1 : 0;
            infinite += Float.isInfinite(value) ? 1 : 0;
        }
        refuse(name, nan, infinite, values.length);
        if (transform.changes(name)) {
            transform.apply(name, values);
        }
        return values;
    }

    /** What a file is to hold for a tensor of any type: as it is stored, or changed and rounded to its type again. */
    public byte[] bytes(String name, long... shape) {
        if (!transform.changes(name)) {
            return store.bytes(name);
        }
        TensorType type = store.info(name).type();
        float[] values = f32(name, shape);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(store.info(name).bytes()));
        bytes.order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            switch (type) {
                case BF16 -> bytes.putShort(Bfloat16.fromFloat(value));
                case F16 -> bytes.putShort(Float16.fromFloat(value));
                case F32 -> bytes.putFloat(value);
                default -> bytes.putDouble(value);
            }
        }
        return bytes.array();
    }

    /** E8M0 scales; 0xFF is their NaN. */
    public byte[] scales(String name, long... shape) {
        store.require(name, shape);
        byte[] values = store.bytes(name);
        long nan = 0;
        for (byte value : values) {
            nan += Byte.toUnsignedInt(value) == NAN_SCALE ? 1 : 0;
        }
        refuse(name, nan, 0, values.length);
        return values;
    }

    private void refuse(String name, long nan, long infinite, int of) {
        if (nan + infinite > 0) {
            throw new MxForgeException("tensor '" + name + "' in " + store.source() + " holds " + nan + " NaN and "
                    + infinite + " infinite values among its " + of + ": the checkpoint is damaged");
        }
    }
}
