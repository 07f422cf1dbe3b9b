package org.mxforge.runtime.simulate;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.Float16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.MxForgeException;

/** Makes the arrays of one sample launch: inputs of random content, always the same, and results to be written. */
final class SampleArrays {
    private static final int SCALE_ONE = 127;
    private static final int BYTE = 0xff;
    /** Of an exponent the highest bit. */
    private static final int LARGE = 0x40;

    private final SampleMemory memory;
    private final Map<String, Integer> sizes;
    private final Algorithm<?> algorithm;
    private final Map<String, Long> results = new LinkedHashMap<>();
    private final Random random = new Random(1);

    SampleArrays(SampleMemory memory, Map<String, Integer> sizes, Algorithm<?> algorithm) {
        this.memory = memory;
        this.sizes = sizes;
        this.algorithm = algorithm;
    }

    /** A size by its name. */
    int size(String name) {
        return sizes.get(name);
    }

    /** How the kernel has the operand of {@code side} in memory. */
    OperandLayout layout(Side side) {
        return algorithm.layout(side);
    }

    /** Results that the kernel must write, by their names. */
    Map<String, Long> results() {
        return results;
    }

    /** Normally distributed numbers. */
    long numbers(String name, ScalarType type, int... extents) {
        int count = count(name, extents);
        ByteBuffer bytes = buffer(count, type.bytes());
        for (int i = 0; i < count; i++) {
            float value = (float) random.nextGaussian();
            switch (type) {
                case FP32 -> bytes.putFloat(value);
                case BF16 -> bytes.putShort(Bfloat16.fromFloat(value));
                case FP16 -> bytes.putShort(Float16.fromFloat(value));
            }
        }
        return memory.upload(name, bytes.array());
    }

    /** Numbers from 0 to 1, the second excluded. */
    long shares(String name, int count) {
        ByteBuffer bytes = buffer(count, Float.BYTES);
        for (int i = 0; i < count; i++) {
            bytes.putFloat(random.nextFloat());
        }
        return memory.upload(name, bytes.array());
    }

    /** Integers that follow from their places. */
    long integers(String name, int count, IntUnaryOperator value) {
        ByteBuffer bytes = buffer(count, Integer.BYTES);
        for (int i = 0; i < count; i++) {
            bytes.putInt(value.applyAsInt(i));
        }
        return memory.upload(name, bytes.array());
    }

    /** Any bytes. */
    long codes(String name, long count) {
        return memory.upload(name, randomCodes(name, count));
    }

    /** E8M0 scales around 1. */
    long scales(String name, long count) {
        return memory.upload(name, randomScales(name, count));
    }

    /** Packed codes of numbers: none of NaN or an infinity, which would hide all else in the sums that they are in. */
    byte[] randomElements(String name, ElementFormat format, long count) {
        byte[] bytes = randomCodes(name, count);
        for (int i = 0; i < bytes.length && format.bits() == Byte.SIZE; i++) {
            bytes[i] = Float.isFinite(format.decode(bytes[i] & BYTE)) ? bytes[i] : (byte) (bytes[i] & ~LARGE);
        }
        return bytes;
    }

    private byte[] randomCodes(String name, long count) {
        byte[] bytes = new byte[count(name, Math.toIntExact(count))];
        random.nextBytes(bytes);
        return bytes;
    }

    byte[] randomScales(String name, long count) {
        byte[] bytes = new byte[count(name, Math.toIntExact(count))];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (SCALE_ONE - 4 + random.nextInt(8));
        }
        return bytes;
    }

    /** An array of given content. */
    long upload(String name, byte[] content) {
        return memory.upload(name, content);
    }

    /** A result, which the kernel must write as a whole. */
    long result(String name, ScalarType type, int... extents) {
        return result(name, (long) type.bytes() * count(name, extents));
    }

    long result(String name, long bytes) {
        long address = room(name, bytes);
        results.put(name, address);
        return address;
    }

    /** A result of which the kernel may leave a part as it is. */
    long room(String name, long bytes) {
        return memory.allocate(name, count(name, Math.toIntExact(bytes)));
    }

    private static int count(String name, int... extents) {
        long count = 1;
        for (int extent : extents) {
            count = Math.multiplyExact(count, extent);
        }
        if (count < 0 || count > Integer.MAX_VALUE / Long.BYTES) {
            throw new MxForgeException("The sizes make array '" + name + "' too large: choose smaller ones.");
        }
        return (int) count;
    }

    private static ByteBuffer buffer(int count, int bytes) {
        return ByteBuffer.allocate(count * bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
