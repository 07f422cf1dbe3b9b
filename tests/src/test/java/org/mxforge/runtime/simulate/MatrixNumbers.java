package org.mxforge.runtime.simulate;

import java.util.Map;
import java.util.Random;

/**
 * Elements for products of matrices, of several kinds, since a single NaN hides what a sum does: near each other; from all exponents; few that
 * are not zero; subnormal ones beside the largest; any bits.
 *
 * @param exponentBits bits of the exponent
 * @param mantissaBits bits behind the leading one
 */
record MatrixNumbers(int exponentBits, int mantissaBits) {
    private static final Map<String, MatrixNumbers> FORMATS = Map.of(
            "f16", new MatrixNumbers(5, 10),
            "bf16", new MatrixNumbers(8, 7),
            "e4m3", new MatrixNumbers(4, 3),
            "e5m2", new MatrixNumbers(5, 2));
    private static final int KINDS = 8;

    static MatrixNumbers of(String format) {
        return FORMATS.get(format);
    }

    int bits() {
        return 1 + exponentBits + mantissaBits;
    }

    /** The bits of one element. */
    long next(Random random, int kind) {
        int middle = (1 << exponentBits - 1) - 1;
        long mantissa = random.nextInt(1 << mantissaBits);
        long sign = (long) random.nextInt(2) << exponentBits + mantissaBits;
        int spread = Math.min(middle - 1, 6);
        return switch (kind % KINDS) {
            case 0, 1 -> sign | exponent(middle + random.nextInt(2 * spread) - spread) | mantissa;
            case 2 -> sign | exponent(middle + random.nextInt(4) - 2) | mantissa;
            case 3 -> sign | exponent(1 + random.nextInt((1 << exponentBits) - 3)) | mantissa;
            case 4 ->
                random.nextInt(4) == 0 ? sign | exponent(middle + random.nextInt(2 * spread) - spread) | mantissa : 0;
            case 5 -> mantissa | (random.nextInt(8) == 0 ? exponent(2 * middle) : 0);
            case 6 -> sign | exponent(random.nextInt(3)) | mantissa;
            default -> random.nextInt(40) == 0 ? random.nextInt(1 << bits()) : sign | exponent(middle) | mantissa;
        };
    }

    private long exponent(int biased) {
        return (long) biased << mantissaBits;
    }

    /** What a sum in FP32 begins with. */
    static long sum(Random random, int kind) {
        float value =
                switch (kind % KINDS) {
                    case 0 -> 0;
                    case 3 -> (float) Math.scalb(random.nextGaussian(), random.nextInt(200) - 100);
                    case 6 -> (float) Math.scalb(random.nextGaussian(), -240 + random.nextInt(200));
                    case 7 -> random.nextInt(16) == 0 ? Float.intBitsToFloat(random.nextInt()) : random.nextFloat();
                    default -> (float) Math.scalb(random.nextGaussian(), random.nextInt(24) - 12);
                };
        return Integer.toUnsignedLong(Float.floatToRawIntBits(value));
    }
}
