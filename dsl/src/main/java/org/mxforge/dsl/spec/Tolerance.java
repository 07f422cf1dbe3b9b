package org.mxforge.dsl.spec;

/**
 * How far a kernel may depart from its operands before it multiplies; sums are FP32 in every case.
 */
public enum Tolerance {
    /** Every element times its scale, unchanged. */
    EXACT("exact"),
    /**
     * An element may be rounded once when its scale is folded into it: by at most 2^-4 of itself in an E4M3 or E5M2 container, or
     * by half the container's smallest step times the row's factor.
     */
    WITHIN_4("within4");

    private final String text;

    Tolerance(String text) {
        this.text = text;
    }

    /** The token that spec texts use: {@code exact}, or {@code within4} for 4 binary digits. */
    public String text() {
        return text;
    }

    /** Whether elements may be rounded. */
    public boolean rounds() {
        return this != EXACT;
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the tolerances there are
     */
    public static Tolerance parse(String text) {
        for (Tolerance tolerance : values()) {
            if (tolerance.text.equals(text)) {
                return tolerance;
            }
        }
        throw new IllegalArgumentException("unknown tolerance '" + text + "': use exact or within4");
    }
}
