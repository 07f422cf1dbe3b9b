package org.mxforge.runtime.oracle;

import org.mxforge.dsl.format.ScalarType;

/** One rounding from binary64 to an output type: to nearest even, subnormals kept, overflow to infinity. */
final class OutputRounding {
    private OutputRounding() {}

    /** {@code value} rounded to {@code type}, as a float that holds it exactly. */
    public static float round(double value, ScalarType type) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return (float) value;
        }
        int exponent = Math.max(Math.getExponent(value), leastExponent(type));
        int lastBit = exponent - (precision(type) - 1);
        // Scaling by a power of two is exact here: every type's last bit is far inside the range of binary64.
        double rounded = Math.scalb(Math.rint(Math.scalb(value, -lastBit)), lastBit);
        return Math.abs(rounded) > largest(type)
                ? (float) Math.copySign(Double.POSITIVE_INFINITY, value)
                : (float) rounded;
    }

    /** The unit roundoff, 2^-precision. */
    static double unit(ScalarType type) {
        return Math.scalb(1.0, -precision(type));
    }

    /** Half the smallest subnormal: the most that rounding costs below the normal range. */
    static double halfSmallest(ScalarType type) {
        return Math.scalb(1.0, leastExponent(type) - precision(type));
    }

    static double largest(ScalarType type) {
        int top = type == ScalarType.FP16 ? 15 : 127;
        return Math.scalb(2.0 - 2 * unit(type), top);
    }

    private static int precision(ScalarType type) {
        return switch (type) {
            case BF16 -> 8;
            case FP16 -> 11;
            case FP32 -> 24;
        };
    }

    private static int leastExponent(ScalarType type) {
        return type == ScalarType.FP16 ? -14 : -126;
    }
}
