package org.mxforge.runtime.checkpoint.safetensors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.ByteSource;
import org.mxforge.runtime.base.MxForgeException;

/**
 * Looks for numbers that may not be there, eight bytes at a time: where one lies, the masked bits carry into the highest.
 *
 * @param shift to the right, first
 * @param mask of the bits that decide
 * @param carry what is added to them
 * @param highest bit of each number
 */
record Screen(int shift, long mask, long carry, long highest) {
    private static final long BYTES = 0x0101010101010101L;
    private static final long HALVES = 0x0001000100010001L;
    private static final long WORDS = 0x0000000100000001L;

    /** E8M0 scales of numbers that are finite in FP32, which neither 2^127 is nor NaN: bits 1 to 7 are set in both alone. */
    static final Screen SCALES = new Screen(1, 0x7f * BYTES, BYTES, 0x80 * BYTES);

    /** For infinities and NaN. */
    static Screen of(ScalarType type) {
        return switch (type) {
            case BF16 -> new Screen(0, 0x7f80 * HALVES, 0x80 * HALVES, 0x8000 * HALVES);
            case FP16 -> new Screen(0, 0x7c00 * HALVES, 0x400 * HALVES, 0x8000 * HALVES);
            case FP32 -> new Screen(0, 0x7f800000 * WORDS, 0x800000 * WORDS, 0x80000000L * WORDS);
        };
    }

    /** For infinities and NaN of an 8-bit format; the others have none. */
    static Screen of(ElementFormat format) {
        return new Screen(0, 0x7f * BYTES, (0x7f - format.maxCode()) * BYTES, 0x80 * BYTES);
    }

    /** Whether there is one from {@code begin} to {@code end}, which cut no number. */
    boolean finds(ByteBuffer bytes, int begin, int end) {
        ByteBuffer little = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        long found = 0;
        int at = begin;
        for (; at <= end - Long.BYTES; at += Long.BYTES) {
            found |= (little.getLong(at) >>> shift & mask) + carry;
        }
        long rest = 0;
        for (int i = 0; i < end - at; i++) {
            rest |= (little.get(at + i) & 0xffL) << Byte.SIZE * i;
        }
        return ((found | (rest >>> shift & mask) + carry) & highest) != 0;
    }

    /** {@code source}, whose bytes are looked through as they are read; {@code failure} tells what is wrong if one is found. */
    ByteSource over(ByteSource source, Supplier<MxForgeException> failure) {
        Screen screen = this;
        return new ByteSource() {
            @Override
            public long length() {
                return source.length();
            }

            @Override
            public void read(long from, ByteBuffer into) {
                int begin = into.position();
                source.read(from, into);
                if (screen.finds(into, begin, into.position())) {
                    throw failure.get();
                }
            }
        };
    }
}
