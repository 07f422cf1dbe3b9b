package org.mxforge.dsl.spec;

import java.util.Locale;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.Hadamard;
import org.mxforge.dsl.layout.GroupLayout;

/**
 * What the channels of each group go through, after they have been reordered and before their scale is chosen: activations on the fly,
 * weights once, so that products stay what they are.
 */
public enum GroupTransform {
    /** Nothing. */
    NONE,

    /**
     * Multiplication by the {@link Hadamard} matrix of 32, after QuaRot (arXiv 2404.00456): it spreads a channel that is larger than its group
     * over all of it. Activations are rounded to BF16 first, whatever the prologue made of them, and so is each sum; what that loses is a
     * hundredth of what rounding to codes does. Weights are multiplied in FP32 and divided by 32, which rounds nothing: scales being powers
     * of two, halves of the matrix's square root would gain nothing over that.
     */
    HADAMARD;

    /** Brings {@code group}, one of {@value GroupLayout#GROUP} reordered channels of {@code side}, to where it is quantized. */
    public void apply(Side side, float[] group) {
        if (this == NONE) {
            return;
        }
        if (side == Side.ACTIVATION) {
            activations(group);
        } else {
            Hadamard.turn(group, 0, group.length, group.length);
            for (int i = 0; i < group.length; i++) {
                group[i] /= group.length;
            }
        }
    }

    /** {@link #HADAMARD} of a group of activations. */
    public static void activations(float[] group) {
        for (int i = 0; i < group.length; i++) {
            group[i] = Bfloat16.toFloat(Bfloat16.fromFloat(group[i]));
        }
        Hadamard.turnBf16(group);
    }

    /** The token that spec texts use: {@code none} or {@code hadamard}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the transforms there are
     */
    public static GroupTransform parse(String text) {
        for (GroupTransform transform : values()) {
            if (transform.text().equals(text)) {
                return transform;
            }
        }
        throw new IllegalArgumentException("unknown transform '" + text + "': use none or hadamard");
    }
}
