package org.mxforge.runtime.quant;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The weight of a linear layer in INT8, symmetric, with one scale for each output.
 *
 * @param codes -127 to 127, [outputs][channels]
 * @param scales largest magnitude of each row / 127, [outputs]
 * @param channels of a row
 */
public record Int8Weight(byte[] codes, float[] scales, int channels) {
    /** What the largest magnitude of a row becomes. */
    private static final int LARGEST = 127;

    /** Rounds each row of {@code weight} under its own scale, as {@link #quantize} does. */
    public static Int8Weight of(PlainWeight weight) {
        return of(weight.values().floats(), weight.outputs(), weight.channels());
    }

    /** Rounds each row of {@code values}, [outputs][channels], under its own scale; rows in parallel. */
    public static Int8Weight of(float[] values, int outputs, int channels) {
        Int8Weight weight = new Int8Weight(new byte[values.length], new float[outputs], channels);
        IntStream.range(0, outputs)
                .parallel()
                .forEach(row ->
                        weight.scales[row] = quantize(values, row * channels, channels, weight.codes, row * channels));
        return weight;
    }

    /**
     * Quantizes a row of activations or weights, as the kernel does bit by bit.
     *
     * @param from where the row begins in {@code values}
     * @param to where its codes go in {@code codes}
     * @return its scale: 0 for a row of zeros, not finite if one of its values is not
     */
    public static float quantize(float[] values, int from, int count, byte[] codes, int to) {
        float largest = 0;
        for (int i = 0; i < count; i++) {
            // A NaN stays.
            largest = Math.max(largest, Math.abs(values[from + i]));
        }
        float scale = largest / LARGEST;
        for (int i = 0; i < count; i++) {
            // Beside a subnormal scale a quotient may come to more.
            double quotient = Math.rint(values[from + i] / scale);
            codes[to + i] = scale > 0 ? (byte) Math.max(-LARGEST, Math.min(LARGEST, quotient)) : 0;
        }
        return scale;
    }

    /** Rows. */
    public int outputs() {
        return scales.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Int8Weight that
                && channels == that.channels
                && Arrays.equals(codes, that.codes)
                && Arrays.equals(scales, that.scales);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(codes) + Arrays.hashCode(scales);
    }
}
