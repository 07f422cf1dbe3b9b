package org.mxforge.runtime.cuda.driver;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The arguments of one kernel launch, in the kernel's order. Kept as bits, since a boxed number for each would show in the time of a launch. */
public final class KernelArguments {
    private static final int USUAL = 24;

    private enum Kind {
        POINTER,
        INT32,
        FLOAT32
    }

    private long[] bits = new long[USUAL];
    private Kind[] kinds = new Kind[USUAL];
    private int count;

    private KernelArguments() {}

    /** No arguments yet. */
    public static KernelArguments of() {
        return new KernelArguments();
    }

    /** A device address, 8 bytes; 0 is the null pointer. */
    public KernelArguments pointer(long address) {
        return add(Kind.POINTER, address);
    }

    public KernelArguments int32(int value) {
        return add(Kind.INT32, Integer.toUnsignedLong(value));
    }

    public KernelArguments float32(float value) {
        return add(Kind.FLOAT32, Integer.toUnsignedLong(Float.floatToRawIntBits(value)));
    }

    private KernelArguments add(Kind kind, long value) {
        if (count == bits.length) {
            bits = Arrays.copyOf(bits, 2 * count);
            kinds = Arrays.copyOf(kinds, 2 * count);
        }
        bits[count] = value;
        kinds[count] = kind;
        count++;
        return this;
    }

    int count() {
        return count;
    }

    /** Writes each argument into 8 bytes of its own, from {@code offset} on: the narrower ones into the first 4. */
    void write(ByteBuffer littleEndian, int offset) {
        for (int i = 0; i < count; i++) {
            littleEndian.putLong(offset + i * Long.BYTES, bits[i]);
        }
    }

    /** What was added so far: a {@link Long} for a device address, an {@link Integer} or a {@link Float}. */
    public List<Number> values() {
        return IntStream.range(0, count).mapToObj(this::value).toList();
    }

    private Number value(int index) {
        return switch (kinds[index]) {
            case POINTER -> bits[index];
            case INT32 -> (int) bits[index];
            case FLOAT32 -> Float.intBitsToFloat((int) bits[index]);
        };
    }

    @Override
    public String toString() {
        return values().toString();
    }
}
