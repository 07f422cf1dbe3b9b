package org.mxforge.dsl.format;

/**
 * E8M0 shared scales and the three rules that choose them, on the bits. A byte {@code e} means 2^(e-127), 255 means NaN
 * (OCP MX v1.0 section 5.4). The rules take the element format as its largest exponent and the binary32 mantissa field of its
 * largest finite value, so that no logarithm is involved. An all-zero group gets 2^-1 (byte 126), as MicroMix writes; a group
 * whose largest magnitude is NaN or infinite gets 255.
 */
public final class ScaleCodec {
    private ScaleCodec() {}

    /** The value of scale byte {@code e8m0}; byte 0 is the subnormal 2^-127. */
    @DeviceFunction
    public static float decode(int e8m0) {
        if (e8m0 == 255) {
            return Float.intBitsToFloat(0x7fc00000);
        }
        return Float.intBitsToFloat(e8m0 == 0 ? 0x00400000 : e8m0 << 23);
    }

    /** The exact reciprocal of scale byte {@code e8m0}: 2^(127-e); byte 254 gives the subnormal 2^-127, 255 NaN. */
    @DeviceFunction
    public static float reciprocal(int e8m0) {
        if (e8m0 == 255) {
            return Float.intBitsToFloat(0x7fc00000);
        }
        return Float.intBitsToFloat(e8m0 == 254 ? 0x00400000 : (254 - e8m0) << 23);
    }

    /** {@link ScaleRule#CEIL}: 2^ceil(log2(absmax / maxFinite)). */
    @DeviceFunction
    public static int ceil(float absmax, int maxExponent, int maxMantissa) {
        int bits = Float.floatToRawIntBits(absmax) & 0x7fffffff;
        if (bits >= 0x7f800000) {
            return 255;
        }
        if (bits == 0) {
            return 126;
        }
        int exponent = (bits >>> 23) - maxExponent + ((bits & 0x7fffff) > maxMantissa ? 1 : 0);
        return exponent < 0 ? 0 : exponent;
    }

    /** {@link ScaleRule#FLOOR}: 2^(floor(log2 absmax) - emax), the conversion of OCP MX v1.0 section 6.3. */
    @DeviceFunction
    public static int floor(float absmax, int maxExponent) {
        int bits = Float.floatToRawIntBits(absmax) & 0x7fffffff;
        if (bits >= 0x7f800000) {
            return 255;
        }
        if (bits == 0) {
            return 126;
        }
        int exponent = (bits >>> 23) - maxExponent;
        return exponent < 0 ? 0 : exponent;
    }

    /** {@link ScaleRule#EVEN}: as {@link #floor}, after rounding absmax half up to the element's mantissa width. */
    @DeviceFunction
    public static int even(float absmax, int maxExponent, int mantissaBits) {
        int bits = Float.floatToRawIntBits(absmax) & 0x7fffffff;
        if (bits >= 0x7f800000) {
            return 255;
        }
        if (bits == 0) {
            return 126;
        }
        int exponent = ((bits + (1 << (22 - mantissaBits))) >>> 23) - maxExponent;
        return exponent < 0 ? 0 : exponent;
    }
}
