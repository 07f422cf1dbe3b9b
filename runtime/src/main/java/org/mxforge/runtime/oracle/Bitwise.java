package org.mxforge.runtime.oracle;

import java.util.Optional;

/** Comparison bit for bit, for results on {@link ExactOperands}. */
public final class Bitwise {
    private Bitwise() {}

    /**
     * Finds the first difference; any NaN equals any other, zeros of different sign differ.
     *
     * @param columns columns of the matrix, to say where
     * @return the difference in words; empty if there is none
     */
    public static Optional<String> difference(float[] result, float[] expected, int columns) {
        if (result.length != expected.length) {
            return Optional.of("the result has " + result.length + " elements, not " + expected.length);
        }
        for (int i = 0; i < result.length; i++) {
            if (Float.floatToIntBits(result[i]) != Float.floatToIntBits(expected[i])) {
                return Optional.of("element (" + i / columns + ", " + i % columns + ") is " + result[i]
                        + ", but must be exactly " + expected[i]);
            }
        }
        return Optional.empty();
    }
}
