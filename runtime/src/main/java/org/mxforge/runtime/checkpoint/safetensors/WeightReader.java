package org.mxforge.runtime.checkpoint.safetensors;

import org.mxforge.runtime.base.MxForgeException;

/**
 * Takes weights out of a store with their shape checked and no fault in them: a NaN or an infinity is counted and reported
 * with the tensor's name instead of spoiling every output.
 */
public final class WeightReader {
    private static final int NAN_SCALE = 0xff;

    private final TensorStore store;

    public WeightReader(TensorStore store) {
        this.store = store;
    }

    public TensorStore store() {
        return store;
    }

    /** A weight as BF16 bits. */
    public short[] bf16(String name, long... shape) {
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
        return values;
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
