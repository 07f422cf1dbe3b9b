package org.mxforge.runtime.refine;

import java.util.Arrays;

/** How large the channels of a site's input are: over so many tokens, sums of squares and largest magnitudes. */
final class InputMagnitudes {
    private final double[] squares;
    private final double[] largest;
    private long tokens;

    InputMagnitudes(int channels) {
        squares = new double[channels];
        largest = new double[channels];
    }

    /** Looks at tokens, {@code values} [rows][channels]. */
    void add(float[] values, int rows) {
        Strips.each(values.length, squares.length, (channel, i) -> {
            squares[channel] += (double) values[i] * values[i];
            largest[channel] = Math.max(largest[channel], Math.abs(values[i]));
        });
        tokens += rows;
    }

    /** Of each channel; zeros where no token was seen, as of an expert that none reaches. */
    double[] meanSquares() {
        return Arrays.stream(squares).map(sum -> sum / Math.max(1, tokens)).toArray();
    }

    /** The largest |x| of {@code channel}. */
    double largest(int channel) {
        return largest[channel];
    }
}
