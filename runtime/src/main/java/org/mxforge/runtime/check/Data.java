package org.mxforge.runtime.check;

import java.util.Locale;

/** What numbers a kernel is given. */
public enum Data {
    /** Operands on which every partial sum is exact, so that all right kernels give the same bits. */
    EXACT,
    /** Normally distributed numbers, or any finite codes. */
    RANDOM,
    /** Subnormal numbers and codes, and scales so small that results are subnormal. */
    SUBNORMAL,
    /** Whole groups of zeros of both signs among other numbers. */
    ZEROS,
    /** NaN and infinities among other numbers. */
    NONFINITE,
    /** Groups whose scales lie at both ends of the window in which they fold into FP8 without rounding. */
    WINDOW;

    /** As in the line of a case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Data parse(String text) {
        return Texts.parse(values(), Data::text, text, "class of data");
    }

    @Override
    public String toString() {
        return text();
    }
}
