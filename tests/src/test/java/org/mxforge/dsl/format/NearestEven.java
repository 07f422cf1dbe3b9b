package org.mxforge.dsl.format;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Rounding by search: the codes' non-negative values in a sorted table, the nearer neighbour taken, of two equally near ones
 * the one with the even code. Shares nothing with the bit tricks that it checks.
 */
final class NearestEven {
    private final double[] values;

    /**
     * @param codes number of non-negative codes, whose values ascend with the code
     * @param value exact value of a code
     */
    NearestEven(int codes, IntToDoubleFunction value) {
        values = new double[codes];
        Arrays.setAll(values, value);
        for (int code = 1; code < codes; code++) {
            if (!(values[code] > values[code - 1])) {
                throw new IllegalArgumentException("the values do not ascend at code " + code);
            }
        }
    }

    /** The code nearest to {@code magnitude}; above the last value, the last code. */
    int code(double magnitude) {
        int found = Arrays.binarySearch(values, magnitude);
        if (found >= 0) {
            return found;
        }
        int above = -found - 1;
        if (above == values.length) {
            return values.length - 1;
        }
        int below = above - 1;
        // Neighbours lie at most a factor of 2 apart, or one of them is zero: both differences are exact in binary64.
        double down = magnitude - values[below];
        double up = values[above] - magnitude;
        if (down == up) {
            return below % 2 == 0 ? below : above;
        }
        return down < up ? below : above;
    }

    /** The middle between a code and the next one; exact for every format here. */
    double middle(int code) {
        return (values[code] + values[code + 1]) / 2;
    }

    int codes() {
        return values.length;
    }
}
