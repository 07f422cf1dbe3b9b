package org.mxforge.dsl.format;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How the scale that a group shares is written: one byte, whose meaning the static methods of a codec define. */
public enum ScaleFormat {
    /** A power of two: the scales of OCP MX v1.0. */
    E8M0(ScaleCodec.class) {
        @Override
        public float decode(int code) {
            return ScaleCodec.decode(code);
        }

        @Override
        public float reciprocal(int code) {
            return ScaleCodec.reciprocal(code);
        }

        @Override
        public int choose(ScaleRule rule, float absmax, ElementFormat element) {
            return rule.scale(absmax, element);
        }
    };

    private final Class<?> codec;

    ScaleFormat(Class<?> codec) {
        this.codec = codec;
    }

    /**
     * The definition in Java, which GPUs run translated: {@code decode}, {@code reciprocal} and the {@link ScaleRule#method} of each
     * rule.
     */
    public Class<?> codec() {
        return codec;
    }

    /** The value of scale {@code code}. */
    public abstract float decode(int code);

    /** What elements are multiplied by before they are rounded under scale {@code code}. */
    public abstract float reciprocal(int code);

    /** The scale that {@code rule} gives to a group of {@code element} whose largest magnitude is {@code absmax}. */
    public abstract int choose(ScaleRule rule, float absmax, ElementFormat element);

    /** The token that layout texts use, such as {@code e8m0}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the formats there are
     */
    public static ScaleFormat parse(String text) {
        return Arrays.stream(values())
                .filter(format -> format.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown scale format '" + text + "': use "
                        + Arrays.stream(values()).map(ScaleFormat::text).collect(Collectors.joining(" or "))));
    }
}
