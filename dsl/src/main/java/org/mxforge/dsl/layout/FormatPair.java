package org.mxforge.dsl.layout;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;

/**
 * The element formats of one product.
 *
 * @param activation that of A, the activation
 * @param weight that of B, the weight
 */
public record FormatPair(ElementFormat activation, ElementFormat weight) {
    public FormatPair {
        if (activation == null || weight == null) {
            throw new IllegalArgumentException("a format pair needs an activation format and a weight format");
        }
    }

    /** All 25 pairs, activation-major, in the order of {@link ElementFormat}. */
    public static List<FormatPair> all() {
        List<FormatPair> pairs = new ArrayList<>();
        for (ElementFormat activation : ElementFormat.values()) {
            for (ElementFormat weight : ElementFormat.values()) {
                pairs.add(new FormatPair(activation, weight));
            }
        }
        return List.copyOf(pairs);
    }

    /** Whether scales can be folded into both operands without rounding, see {@link FoldedFormat#hasRoom}. */
    public boolean hasRoomForScales() {
        return FoldedFormat.of(activation).hasRoom() && FoldedFormat.of(weight).hasRoom();
    }

    /** The token that spec texts use, activation first, such as {@code e4m3xe2m1}. */
    public String text() {
        return activation.text() + "x" + weight.text();
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static FormatPair parse(String text) {
        int cross = text.indexOf('x');
        if (cross < 0) {
            throw new IllegalArgumentException(
                    "bad format pair '" + text + "': write activation x weight, as e4m3xe2m1");
        }
        return new FormatPair(
                ElementFormat.parse(text.substring(0, cross)), ElementFormat.parse(text.substring(cross + 1)));
    }
}
