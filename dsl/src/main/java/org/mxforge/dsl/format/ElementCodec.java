package org.mxforge.dsl.format;

/**
 * Element conversion on the bits, for any sign/exponent/mantissa split of at most 8 bits. These methods are the definition:
 * codegen translates them to the device functions that every generated kernel uses.
 */
public final class ElementCodec {
    private ElementCodec() {}

    /** The exact value of {@code code} as a binary32 number. */
    @DeviceFunction
    public static float decode(int code, int exponentBits, int mantissaBits, int bias) {
        int magnitude = code & ((1 << (exponentBits + mantissaBits)) - 1);
        int sign = (code >>> (exponentBits + mantissaBits)) << 31;
        // E4M3: the all-ones code alone is NaN; E5M2: the top exponent is infinity and NaN, as in IEEE 754.
        if (exponentBits == 4 && magnitude == 127) {
            return Float.intBitsToFloat(0x7fc00000);
        }
        if (exponentBits == 5 && magnitude >= 124) {
            return magnitude == 124 ? Float.intBitsToFloat(sign | 0x7f800000) : Float.intBitsToFloat(0x7fc00000);
        }
        // Widening the exponent field by a product makes subnormal codes come out right without a branch.
        float narrow = Float.intBitsToFloat(magnitude << (23 - mantissaBits));
        float wide = narrow * Float.intBitsToFloat((254 - bias) << 23);
        return Float.intBitsToFloat(sign | Float.floatToRawIntBits(wide));
    }

    /** The code nearest to {@code value}: round to nearest even, saturating, sign of zero kept, NaN to the NaN code or the largest finite one. */
    @DeviceFunction
    public static int encode(float value, int exponentBits, int mantissaBits, int bias, int maxCode) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 31) << (exponentBits + mantissaBits);
        int magnitude = bits & 0x7fffffff;
        if (magnitude > 0x7f800000) {
            return exponentBits >= 4 ? 127 : maxCode;
        }
        int code;
        if (magnitude >= (128 - bias) << 23) {
            int rebased = magnitude - ((127 - bias) << 23);
            int half = (1 << (22 - mantissaBits)) - 1;
            int rounded = rebased + half + ((rebased >>> (23 - mantissaBits)) & 1);
            code = rounded >>> (23 - mantissaBits);
        } else {
            // The last bit of 2^(24 - bias - mantissaBits) is the subnormal step: the addition rounds to even.
            int magic = (151 - bias - mantissaBits) << 23;
            float shifted = Float.intBitsToFloat(magnitude) + Float.intBitsToFloat(magic);
            code = Float.floatToRawIntBits(shifted) - magic;
        }
        return sign | (code > maxCode ? maxCode : code);
    }
}
