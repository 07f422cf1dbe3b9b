package org.mxforge.dsl.format;

import java.util.Locale;
import java.util.stream.Stream;
import org.mxforge.dsl.text.Spelling;

/**
 * The five element formats of OCP MX v1.0 (section 5.3). A code is an {@code int} whose low {@link #bits()} bits hold sign,
 * exponent and mantissa; only {@link #E5M2} has infinities, only the two 8-bit formats have NaN.
 */
public enum ElementFormat {
    /** MXFP4: sign, 2 exponent, 1 mantissa bit. */
    E2M1(2, 1, 1, 6f, 2),
    /** MXFP6 with range: sign, 3 exponent, 2 mantissa bits. */
    E3M2(3, 2, 3, 28f, 4),
    /** MXFP6 with precision: sign, 2 exponent, 3 mantissa bits. */
    E2M3(2, 3, 1, 7.5f, 2),
    /** MXFP8 with precision: sign, 4 exponent, 3 mantissa bits; S.1111.111 is NaN, there is no infinity. */
    E4M3(4, 3, 7, 448f, 8),
    /** MXFP8 with range: sign, 5 exponent, 2 mantissa bits; IEEE-like infinities and NaN. */
    E5M2(5, 2, 15, 57344f, 15);

    private final int exponentBits;
    private final int mantissaBits;
    private final int bias;
    private final float maxFinite;
    private final int maxExponent;

    ElementFormat(int exponentBits, int mantissaBits, int bias, float maxFinite, int maxExponent) {
        this.exponentBits = exponentBits;
        this.mantissaBits = mantissaBits;
        this.bias = bias;
        this.maxFinite = maxFinite;
        this.maxExponent = maxExponent;
    }

    /** Width of a code in bits: 4, 6 or 8. */
    public int bits() {
        return 1 + exponentBits + mantissaBits;
    }

    /** Number of codes, {@code 2^bits}. */
    public int codes() {
        return 1 << bits();
    }

    /** Bits of the exponent. */
    public int exponentBits() {
        return exponentBits;
    }

    /** Bits of the mantissa, its leading one not counted. */
    public int mantissaBits() {
        return mantissaBits;
    }

    /** What is taken off the exponent that a code holds. */
    public int bias() {
        return bias;
    }

    /** Largest finite magnitude. */
    public float maxFinite() {
        return maxFinite;
    }

    /** Exponent of {@link #maxFinite()}, the {@code emax} of OCP MX v1.0 section 6.3. */
    public int maxExponent() {
        return maxExponent;
    }

    /** Code of {@link #maxFinite()}. */
    public int maxCode() {
        return (Float.floatToRawIntBits(maxFinite) >>> (23 - mantissaBits)) - ((127 - bias) << mantissaBits);
    }

    /** Bytes that 32 packed codes take: 16, 24 or 32. */
    public int bytesPerGroup() {
        return 4 * bits();
    }

    /** The exact value of {@code code}; bits above {@link #bits()} must be zero. */
    public float decode(int code) {
        return ElementCodec.decode(code, exponentBits, mantissaBits, bias);
    }

    /**
     * The code nearest to {@code value}, ties to even, saturating at {@link #maxFinite()}, the sign of zero kept. Infinities
     * saturate as well, in E5M2 too. NaN, whatever its sign, becomes 127 in the two formats that have NaN, else the largest
     * finite code: there only the scale 255 of its group tells that it was one.
     */
    public int encode(float value) {
        return ElementCodec.encode(value, exponentBits, mantissaBits, bias, maxCode());
    }

    /** The token that spec texts and kernel names use, such as {@code e2m1}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the formats there are
     */
    public static ElementFormat parse(String text) {
        for (ElementFormat format : values()) {
            if (format.text().equals(text)) {
                return format;
            }
        }
        throw new IllegalArgumentException("unknown element format '" + text + "'"
                + Spelling.hint(
                        text, Stream.of(values()).map(ElementFormat::text).toList())
                + ": use e2m1, e3m2, e2m3, e4m3 or e5m2");
    }
}
