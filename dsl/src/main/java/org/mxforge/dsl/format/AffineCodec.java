package org.mxforge.dsl.format;

/**
 * Integers of 0 to a last one, at most 255, between the least and the largest value of a group: code q stands for {@code least + q * step}. Both are BF16, the
 * least value rounded down and the step rounded up, so that every value lies between the first code and the last. A group that holds a NaN
 * or an infinity gets a step that is not a number, so that the fault shows in all of it.
 */
public final class AffineCodec {
    private AffineCodec() {}

    /** The BF16 number next below {@code smallest}, or itself. */
    @DeviceFunction
    public static float least(float smallest) {
        int bits = Float.floatToRawIntBits(smallest);
        return Float.intBitsToFloat(bits + (bits < 0 ? 0xffff : 0) & 0xffff0000);
    }

    /**
     * The step from code to code; 1 where all values are the least.
     *
     * @param largest of the group
     * @param magnitude the largest of it; NaN or infinite if a value is
     * @param last code
     */
    @DeviceFunction
    public static float step(float least, float largest, float magnitude, int last) {
        if ((Float.floatToRawIntBits(magnitude) & 0x7fffffff) >= 0x7f800000) {
            return Float.intBitsToFloat(0x7fc00000);
        }
        float exact = (largest - least) / number(last);
        return exact == 0.0f ? 1.0f : Float.intBitsToFloat(Float.floatToRawIntBits(exact) + 0xffff & 0xffff0000);
    }

    /** The code nearest to {@code value}, ties to even. */
    @DeviceFunction
    public static int encode(float value, float least, float step, int last) {
        // The last bits of a sum with 2^23 are the other summand, rounded as additions are.
        int code = Float.floatToRawIntBits((value - least) / step + 8388608.0f) - 0x4b000000;
        return code < 0 || code > last ? last : code;
    }

    /** The value of {@code code}, rounded once: the product is exact. */
    @DeviceFunction
    public static float decode(int code, float least, float step) {
        return number(code) * step + least;
    }

    /** A small integer, which is the last bits of a number between 2^23 and 2^24. */
    @DeviceFunction
    public static float number(int code) {
        return Float.intBitsToFloat(code + 0x4b000000) - 8388608.0f;
    }
}
