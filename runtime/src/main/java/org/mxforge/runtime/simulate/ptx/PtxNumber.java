package org.mxforge.runtime.simulate.ptx;

/** Numbers as PTX writes them. */
final class PtxNumber {
    private static final int HEX = 16;

    private PtxNumber() {}

    /** The bits of any number: {@code 0f3F800000} and {@code 0d...} are those of FP32 and FP64. */
    static long bits(String word) {
        if (word.startsWith("0f") || word.startsWith("0F") || word.startsWith("0d") || word.startsWith("0D")) {
            return Long.parseUnsignedLong(word.substring(2), HEX);
        }
        return integer(word);
    }

    static long integer(String word) {
        String digits = word.endsWith("U") ? word.substring(0, word.length() - 1) : word;
        if (digits.startsWith("0x") || digits.startsWith("0X")) {
            return Long.parseUnsignedLong(digits.substring(2), HEX);
        }
        return Long.parseUnsignedLong(digits);
    }
}
