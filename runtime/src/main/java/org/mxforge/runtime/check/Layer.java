package org.mxforge.runtime.check;

import java.util.Locale;

/** How strictly a result is compared. */
public enum Layer {
    /** Bit for bit. */
    EXACT,
    /** Each element within what the roundings of any right kernel may come to. */
    BOUND,
    /** The norm of the error over that of the result, in decibels: reported, not judged. */
    NORM;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text}.
     *
     * @throws IllegalArgumentException naming those that there are
     */
    public static Layer parse(String text) {
        return Texts.parse(values(), Layer::text, text, "layer");
    }

    @Override
    public String toString() {
        return text();
    }
}
