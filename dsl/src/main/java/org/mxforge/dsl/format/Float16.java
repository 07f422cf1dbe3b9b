package org.mxforge.dsl.format;

/** Conversion between binary32 and IEEE binary16 held in a {@code short}; the JDK has it from version 20 on. */
public final class Float16 {
    private Float16() {}

    /** The exact value of {@code bits}. */
    public static float toFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int magnitude = bits & 0x7fff;
        if (magnitude >= 0x7c00) {
            return Float.intBitsToFloat(sign | 0x7f800000 | (magnitude & 0x3ff) << 13);
        }
        float wide = Float.intBitsToFloat(magnitude << 13) * Float.intBitsToFloat((254 - 15) << 23);
        return Float.intBitsToFloat(sign | Float.floatToRawIntBits(wide));
    }

    /** {@code value} rounded to nearest even; magnitudes that round past 65504 become infinite, a NaN stays a NaN. */
    public static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return (short) (sign | 0x7e00);
        }
        int code;
        if (magnitude >= 113 << 23) {
            int rebased = magnitude - (112 << 23);
            code = Math.min((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13, 0x7c00);
        } else {
            int magic = 126 << 23;
            code = Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(magic)) - magic;
        }
        return (short) (sign | code);
    }
}
