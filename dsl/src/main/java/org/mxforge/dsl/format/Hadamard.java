package org.mxforge.dsl.format;

/**
 * Products with the Hadamard matrix, whose element is -1 where the numbers of row and column have an odd number of bits in common, else 1.
 * It is its own inverse but for a factor, the size. The order of the sums is fixed, so that all who follow it get the same bits: for
 * distances 1, 2, 4, ..., of channels so far apart the lower becomes the sum and the upper the lower less the upper.
 */
public final class Hadamard {
    private Hadamard() {}

    /**
     * Multiplies blocks of {@code size} channels, sums in FP32.
     *
     * @param values with {@code count} channels from {@code at} on, a multiple of {@code size}
     * @param size a power of two
     */
    public static void turn(float[] values, int at, int count, int size) {
        for (int distance = 1; distance < size; distance *= 2) {
            for (int first = at; first < at + count; first += 2 * distance) {
                for (int i = first; i < first + distance; i++) {
                    float lower = values[i];
                    float upper = values[i + distance];
                    values[i] = lower + upper;
                    values[i + distance] = lower - upper;
                }
            }
        }
    }

    /** The same for one block of BF16 numbers, each sum of which is rounded to BF16. */
    public static void turnBf16(float[] block) {
        for (int distance = 1; distance < block.length; distance *= 2) {
            for (int first = 0; first < block.length; first += 2 * distance) {
                for (int i = first; i < first + distance; i++) {
                    float lower = block[i];
                    float upper = block[i + distance];
                    block[i] = rounded(lower + upper);
                    block[i + distance] = rounded(lower - upper);
                }
            }
        }
    }

    /** A sum of BF16 numbers; such a NaN has only bits that BF16 keeps. */
    private static float rounded(float sum) {
        int bits = Float.floatToRawIntBits(sum);
        return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
    }
}
