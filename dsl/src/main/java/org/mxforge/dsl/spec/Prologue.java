package org.mxforge.dsl.spec;

import java.util.Locale;

/** What a quantizer does to a row before it gathers, scales and packs it; in FP32, without rounding in between. */
public enum Prologue {
    /** v = x. */
    NONE,
    /** v = x * weight * rsqrt(mean(x^2) + eps), the mean over the whole row, before the gather. */
    RMSNORM,
    /** v = x * weight * rsqrt(mean(x^2) + eps) - centre: what RMSNORM gives, from which {@code centre} is taken in one more rounding. */
    RMSNORM_CENTRED,
    /** v = silu(gate) * up; a row of the input has the gates of all channels and, behind them, what each is multiplied with. */
    SILU_MUL;

    /** Whether it norms rows by a weight. */
    public boolean norms() {
        return this == RMSNORM || this == RMSNORM_CENTRED;
    }

    /** The token that spec texts use: {@code none}, {@code rmsnorm}, {@code rmsnormcentred} or {@code silumul}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace("_", "");
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the prologues there are
     */
    public static Prologue parse(String text) {
        for (Prologue prologue : values()) {
            if (prologue.text().equals(text)) {
                return prologue;
            }
        }
        throw new IllegalArgumentException(
                "unknown prologue '" + text + "': use none, rmsnorm, rmsnormcentred or silumul");
    }
}
