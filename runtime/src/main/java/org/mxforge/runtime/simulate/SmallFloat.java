package org.mxforge.runtime.simulate;

/**
 * A binary floating-point format of at most 16 bits.
 *
 * @param exponentBits bits of its exponent
 * @param mantissaBits bits behind its leading one
 * @param top what the largest exponent means
 */
record SmallFloat(int exponentBits, int mantissaBits, Top top) {
    enum Top {
        /** Infinities and NaN, as in IEEE 754. */
        INFINITY,
        /** Numbers, and NaN only where all bits are set. */
        NAN,
        /** Numbers. */
        NUMBERS
    }

    static final SmallFloat F16 = new SmallFloat(5, 10, Top.INFINITY);
    static final SmallFloat BF16 = new SmallFloat(8, 7, Top.INFINITY);
    static final SmallFloat E4M3 = new SmallFloat(4, 3, Top.NAN);
    static final SmallFloat E5M2 = new SmallFloat(5, 2, Top.INFINITY);
    static final SmallFloat E3M2 = new SmallFloat(3, 2, Top.NUMBERS);
    static final SmallFloat E2M3 = new SmallFloat(2, 3, Top.NUMBERS);
    static final SmallFloat E2M1 = new SmallFloat(2, 1, Top.NUMBERS);

    /** The format of a PTX type's elements; null if it is none of these. */
    static SmallFloat find(String type) {
        return switch (type) {
            case "f16", "f16x2" -> F16;
            case "bf16", "bf16x2" -> BF16;
            case "e4m3x2" -> E4M3;
            case "e5m2x2" -> E5M2;
            case "e3m2x2" -> E3M2;
            case "e2m3x2" -> E2M3;
            case "e2m1x2" -> E2M1;
            default -> null;
        };
    }

    int bits() {
        return 1 + exponentBits + mantissaBits;
    }

    /** Bits from one of a pair to the other: six have two of padding above. */
    int pitch() {
        return bits() == 6 ? Byte.SIZE : bits();
    }

    /** The bits that a number of this format has. */
    long mask() {
        return (1L << bits()) - 1;
    }

    /** The exponent of the smallest normal number. */
    int least() {
        return 1 - bias();
    }

    private int bias() {
        return (1 << exponentBits - 1) - 1;
    }

    /** The NaN that conversions give. */
    private int nan() {
        return (1 << bits() - 1) - 1;
    }

    /** Magnitude bits of the largest number. */
    private int largest() {
        return switch (top) {
            case INFINITY -> ((1 << exponentBits) - 1 << mantissaBits) - 1;
            case NAN -> nan() - 1;
            case NUMBERS -> nan();
        };
    }

    double decode(long bits) {
        int sign = (int) (bits >> bits() - 1) & 1;
        int exponent = (int) (bits >> mantissaBits) & (1 << exponentBits) - 1;
        int mantissa = (int) bits & (1 << mantissaBits) - 1;
        double magnitude;
        if (top == Top.INFINITY && exponent == (1 << exponentBits) - 1) {
            magnitude = mantissa == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else if (top == Top.NAN && (bits & nan()) == nan()) {
            magnitude = Double.NaN;
        } else {
            magnitude = exponent == 0
                    ? Math.scalb((double) mantissa, 1 - bias() - mantissaBits)
                    : Math.scalb((double) (mantissa | 1 << mantissaBits), exponent - bias() - mantissaBits);
        }
        return sign == 0 ? magnitude : -magnitude;
    }

    /**
     * Rounds to nearest, ties to even.
     *
     * @param finite whether what is too large becomes the largest number instead of an infinity
     */
    long encode(double value, boolean finite) {
        return encode(value, finite, Rounding.NEAREST);
    }

    long encode(double value, boolean finite, Rounding rounding) {
        if (value != value) {
            return nan();
        }
        long sign = Double.doubleToRawLongBits(value) >>> Long.SIZE - 1 << bits() - 1;
        double magnitude = Math.abs(value);
        int over = top == Top.INFINITY && !finite ? (1 << exponentBits) - 1 << mantissaBits : largest();
        if (magnitude == Double.POSITIVE_INFINITY) {
            return sign | over;
        }
        int exponent = Math.max(Math.getExponent(magnitude), 1 - bias());
        double steps = Math.scalb(magnitude, mantissaBits - exponent);
        boolean toZero = rounding == Rounding.ZERO;
        long rounded = (long) (toZero ? Math.floor(steps) : Math.rint(steps));
        long bits = rounded == 0 ? 0 : ((long) (exponent + bias() - 1) << mantissaBits) + rounded;
        return sign | (bits > largest() ? toZero ? largest() : over : bits);
    }

    /** Rounds {@code sum + error} once; the error is less than half a unit in the last place of the sum. */
    long encode(double sum, double error) {
        if (error == 0 || !Double.isFinite(sum)) {
            return encode(sum, false);
        }
        // To odd first: then the second rounding sees that something is missing.
        double below = error > 0 == sum > 0 ? sum : sum > 0 ? Math.nextDown(sum) : Math.nextUp(sum);
        return encode(Double.longBitsToDouble(Double.doubleToRawLongBits(below) | 1), false);
    }
}
