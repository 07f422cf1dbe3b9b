package org.mxforge.dsl.format;

import java.util.Locale;

/** How a group's largest magnitude chooses its E8M0 scale; explicit in spec texts, file metadata and cache keys. */
public enum ScaleRule {
    /** 2^ceil(log2(absmax/max)): never saturates (MicroMix, NVIDIA). The default. */
    CEIL,
    /** 2^(floor(log2 absmax) - emax): the OCP MX v1.0 conversion; may saturate the largest element. */
    FLOOR,
    /** FLOOR after rounding absmax to the element's mantissa (AMD Quark, compressed-tensors). */
    EVEN;

    /** The scale byte for a group of {@code format} whose largest magnitude is {@code absmax}. */
    public int scale(float absmax, ElementFormat format) {
        return switch (this) {
            case CEIL ->
                ScaleCodec.ceil(absmax, format.maxExponent(), Float.floatToRawIntBits(format.maxFinite()) & 0x7fffff);
            case FLOOR -> ScaleCodec.floor(absmax, format.maxExponent());
            case EVEN -> ScaleCodec.even(absmax, format.maxExponent(), format.mantissaBits());
        };
    }

    /** The token that spec texts use: {@code ceil}, {@code floor} or {@code even}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the rules there are
     */
    public static ScaleRule parse(String text) {
        for (ScaleRule rule : values()) {
            if (rule.text().equals(text)) {
                return rule;
            }
        }
        throw new IllegalArgumentException("unknown scale rule '" + text + "': use ceil, floor or even");
    }
}
