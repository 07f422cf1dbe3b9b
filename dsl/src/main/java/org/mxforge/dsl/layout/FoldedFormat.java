package org.mxforge.dsl.layout;

import org.mxforge.dsl.format.ElementFormat;

/**
 * How elements of one MX format live in FP8 containers with the scale of their group folded in: an element {@code v} of a group
 * whose scale is 2^s above the factor of its row is stored as {@code v * 2^s}. Within the window of shifts every code of the
 * format is a container value, so nothing is rounded.
 *
 * @param element the MX format
 * @param container the FP8 format that holds it
 * @param lowest least shift at which every code is exact
 * @param highest largest such shift
 */
public record FoldedFormat(ElementFormat element, ElementFormat container, int lowest, int highest) {
    /** Least shift of elements that are kept in BF16: so far up that products of two of them are far from the least FP32 numbers. */
    public static final int LOWEST_IN_BF16 = -48;

    /** The container of {@code element}: E5M2 where two mantissa bits suffice, for its range; else E4M3. */
    public static FoldedFormat of(ElementFormat element) {
        return switch (element) {
            case E2M1 -> new FoldedFormat(element, ElementFormat.E5M2, -15, 13);
            case E3M2 -> new FoldedFormat(element, ElementFormat.E5M2, -12, 11);
            case E2M3 -> new FoldedFormat(element, ElementFormat.E4M3, -6, 5);
            case E4M3, E5M2 -> new FoldedFormat(element, element, 0, 0);
        };
    }

    /**
     * Largest shift of elements of {@code element} that are kept in BF16: codes that lie where BF16 has exponent and mantissa are multiplied
     * by 2^(127 - bias) to have their value, and by 2^127 at most.
     */
    public static int highestInBf16(ElementFormat element) {
        return element.bias();
    }

    /** Whether groups of different scales can share a row without rounding, whatever their codes. */
    public boolean hasRoom() {
        return lowest < highest;
    }
}
