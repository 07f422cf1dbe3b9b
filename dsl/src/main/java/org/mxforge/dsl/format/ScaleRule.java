package org.mxforge.dsl.format;

import java.util.Locale;

/** How a group's largest magnitude chooses its E8M0 scale; explicit in spec texts, file metadata and cache keys. */
public enum ScaleRule {
    /** 2^ceil(log2(absmax/max)): never saturates (MicroMix, NVIDIA). The default. */
    CEIL,
    /**
     * CEIL, but a group of E2M1 whose largest magnitude is up to 1.2 times what the scale below holds gets that one: its largest elements
     * are clipped to 6, and all others have steps half as wide.
     */
    CLIP,
    /** 2^(floor(log2 absmax) - emax): the OCP MX v1.0 conversion; may saturate the largest element. */
    FLOOR,
    /** FLOOR after rounding absmax to the element's mantissa (AMD Quark, compressed-tensors). */
    EVEN;

    /**
     * 1.2 times 6, as BF16 with an even last bit. On such a bound numbers that were cut to BF16 with a sticky last bit, as quantizers
     * keep them, fall on the side that they were on in FP32.
     */
    private static final float CLIPPED_E2M1 = 7.1875f;

    /** The scale byte for a group of {@code format} whose largest magnitude is {@code absmax}. */
    public int scale(float absmax, ElementFormat format) {
        return switch (this) {
            case CEIL, CLIP -> ScaleCodec.ceil(absmax, format.maxExponent(), maxMantissa(format));
            case FLOOR -> ScaleCodec.floor(absmax, format.maxExponent());
            case EVEN -> ScaleCodec.even(absmax, format.maxExponent(), format.mantissaBits());
        };
    }

    /** The mantissa field, as binary32 has it, up to which CEIL and CLIP take the lower of two scales. */
    public int maxMantissa(ElementFormat format) {
        float largest = this == CLIP && clips(format) ? CLIPPED_E2M1 : format.maxFinite();
        return Float.floatToRawIntBits(largest) & 0x7fffff;
    }

    /** Whether its scales may be too small for the largest element of a group. */
    public boolean clips(ElementFormat format) {
        return this == CLIP ? format == ElementFormat.E2M1 : this != CEIL;
    }

    /** The method of {@link ScaleCodec} that chooses so. */
    public String method() {
        return (this == CLIP ? CEIL : this).text();
    }

    /** The token that spec texts use: {@code ceil}, {@code clip}, {@code floor} or {@code even}. */
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
        throw new IllegalArgumentException("unknown scale rule '" + text + "': use ceil, clip, floor or even");
    }
}
