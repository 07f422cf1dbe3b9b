package org.mxforge.dsl.format;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Values of one {@link ScalarType} in host memory, which read as binary32 numbers exactly. Arrays are referenced, not copied. */
public sealed interface ScalarArray {
    /** Values that a thread takes at a time. */
    int BLOCK = 1 << 16;

    /** {@code bits} as {@link Bfloat16} has them. */
    static ScalarArray bf16(short[] bits) {
        return new Bf16(bits);
    }

    /** {@code bits} as {@link Float16} has them. */
    static ScalarArray fp16(short[] bits) {
        return new Fp16(bits);
    }

    static ScalarArray fp32(float[] values) {
        return new Fp32(values);
    }

    /** {@code values} rounded to nearest even in {@code type}. */
    static ScalarArray rounded(ScalarType type, float[] values) {
        return switch (type) {
            case BF16 -> bf16(bits(type, values));
            case FP16 -> fp16(bits(type, values));
            case FP32 -> fp32(values);
        };
    }

    /** The values of all {@code arrays}, one behind the other; empty if they are not of one type. */
    static Optional<ScalarArray> joined(List<ScalarArray> arrays) {
        ScalarType type = arrays.get(0).type();
        if (arrays.stream().anyMatch(array -> array.type() != type)) {
            return Optional.empty();
        }
        int length = arrays.stream().mapToInt(ScalarArray::length).reduce(0, Math::addExact);
        Object all = type == ScalarType.FP32 ? new float[length] : new short[length];
        int at = 0;
        for (ScalarArray array : arrays) {
            System.arraycopy(store(array), 0, all, at, array.length());
            at += array.length();
        }
        return Optional.of(
                switch (type) {
                    case BF16 -> bf16((short[]) all);
                    case FP16 -> fp16((short[]) all);
                    case FP32 -> fp32((float[]) all);
                });
    }

    private static Object store(ScalarArray array) {
        if (array instanceof Fp32 wide) {
            return wide.values();
        }
        return array instanceof Bf16 brain ? brain.bits() : ((Fp16) array).bits();
    }

    private static short[] bits(ScalarType type, float[] values) {
        boolean brain = type == ScalarType.BF16;
        short[] bits = new short[values.length];
        IntStream.range(0, bits.length)
                .parallel()
                .forEach(i -> bits[i] = brain ? Bfloat16.fromFloat(values[i]) : Float16.fromFloat(values[i]));
        return bits;
    }

    ScalarType type();

    int length();

    /** The value at {@code index}. */
    float get(int index);

    /** Puts {@code count} values from {@code from} on at the begin of {@code to}. */
    void widen(int from, int count, float[] to);

    /** How many of the values from {@code from} on, before {@code to}, are NaN or infinite: have all bits of their exponent. */
    int nonFinite(int from, int to);

    /** All values; for {@link ScalarType#FP32} the array itself. */
    default float[] floats() {
        float[] values = new float[length()];
        IntStream.range(0, (values.length + BLOCK - 1) / BLOCK).parallel().forEach(block -> {
            int end = (int) Math.min(values.length, (block + 1L) * BLOCK);
            for (int i = block * BLOCK; i < end; i++) {
                values[i] = get(i);
            }
        });
        return values;
    }

    /** The high halves of binary32 numbers. */
    record Bf16(short[] bits) implements ScalarArray {
        @Override
        public ScalarType type() {
            return ScalarType.BF16;
        }

        @Override
        public int length() {
            return bits.length;
        }

        @Override
        public float get(int index) {
            return Bfloat16.toFloat(bits[index]);
        }

        @Override
        public int nonFinite(int from, int to) {
            int count = 0;
            for (int i = from; i < to; i++) {
                // The exponent's carry, without a branch, so that the loop becomes vector code.
                count += (bits[i] & 0x7f80) + 0x80 >> 15;
            }
            return count;
        }

        @Override
        public void widen(int from, int count, float[] to) {
            for (int i = 0; i < count; i++) {
                to[i] = Bfloat16.toFloat(bits[from + i]);
            }
        }
    }

    /** IEEE binary16. */
    record Fp16(short[] bits) implements ScalarArray {
        @Override
        public ScalarType type() {
            return ScalarType.FP16;
        }

        @Override
        public int length() {
            return bits.length;
        }

        @Override
        public float get(int index) {
            return Float16.toFloat(bits[index]);
        }

        @Override
        public int nonFinite(int from, int to) {
            int count = 0;
            for (int i = from; i < to; i++) {
                // The exponent's carry, without a branch, so that the loop becomes vector code.
                count += (bits[i] & 0x7c00) + 0x400 >> 15;
            }
            return count;
        }

        @Override
        public void widen(int from, int count, float[] to) {
            for (int i = 0; i < count; i++) {
                to[i] = Float16.toFloat(bits[from + i]);
            }
        }
    }

    /** IEEE binary32. */
    record Fp32(float[] values) implements ScalarArray {
        @Override
        public ScalarType type() {
            return ScalarType.FP32;
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public float get(int index) {
            return values[index];
        }

        @Override
        public int nonFinite(int from, int to) {
            int count = 0;
            for (int i = from; i < to; i++) {
                // The exponent's carry, without a branch, so that the loop becomes vector code.
                count += (Float.floatToRawIntBits(values[i]) & 0x7f800000) + 0x800000 >>> 31;
            }
            return count;
        }

        @Override
        public void widen(int from, int count, float[] to) {
            System.arraycopy(values, from, to, 0, count);
        }

        @Override
        public float[] floats() {
            return values;
        }
    }
}
