package org.mxforge.dsl.format;

/** Conversion between binary32 and BF16, held as the 16 high bits of a binary32 number. */
public final class Bfloat16 {
    private Bfloat16() {}

    /** The exact value of {@code bits}. */
    public static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** {@code value} rounded to nearest even; a NaN stays a NaN. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
    }
}
