package org.mxforge.dsl.layout;

import org.mxforge.dsl.format.ElementFormat;

/**
 * How codes lie in bytes: a little-endian bit stream, the first code in the lowest bits. FP4 puts two codes in a byte, low
 * nibble first; FP6 four in three bytes; FP8 one in one. A group of 32 takes 16, 24 or 32 bytes, so that groups start on
 * byte boundaries. The order is that of MicroMix, compressed-tensors, Quark and the Blackwell copy engine.
 */
public final class CodePacking {
    private CodePacking() {}

    /** Bytes of {@code channels} packed codes; {@code channels} is a multiple of 32. */
    public static long bytes(ElementFormat format, long channels) {
        return channels / GroupLayout.GROUP * format.bytesPerGroup();
    }

    /** Packs {@code count} codes, a multiple of 4, from {@code codes} into {@code packed}. */
    public static void pack(ElementFormat format, byte[] codes, int codeOffset, int count, byte[] packed, int offset) {
        int bits = format.bits();
        int out = offset;
        if (bits == Byte.SIZE) {
            System.arraycopy(codes, codeOffset, packed, offset, count);
            return;
        }
        if (bits == Byte.SIZE / 2) {
            for (int i = codeOffset; i < codeOffset + count; i += 2) {
                packed[out++] = (byte) (codes[i] | codes[i + 1] << bits);
            }
            return;
        }
        int word = 0;
        int filled = 0;
        for (int i = 0; i < count; i++) {
            word |= (codes[codeOffset + i] & 0xff) << filled;
            filled += bits;
            while (filled >= 8) {
                packed[out++] = (byte) word;
                word >>>= 8;
                filled -= 8;
            }
        }
    }

    /** The inverse of {@link #pack}. */
    public static void unpack(
            ElementFormat format, byte[] packed, int offset, int count, byte[] codes, int codeOffset) {
        int bits = format.bits();
        int mask = format.codes() - 1;
        int in = offset;
        int word = 0;
        int filled = 0;
        for (int i = 0; i < count; i++) {
            if (filled < bits) {
                word |= (packed[in++] & 0xff) << filled;
                filled += 8;
            }
            codes[codeOffset + i] = (byte) (word & mask);
            word >>>= bits;
            filled -= bits;
        }
    }
}
