package org.mxforge.dsl.spec;

import java.util.Locale;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;

/** Which operand of a GEMM a quantizer makes. */
public enum Side {
    /** Rows are tokens; quantized on the fly. */
    ACTIVATION,
    /** Rows are output channels; quantized once. */
    WEIGHT;

    /** This side's format of {@code pair}. */
    public ElementFormat format(FormatPair pair) {
        return this == ACTIVATION ? pair.activation() : pair.weight();
    }

    /** The token that spec texts use: {@code activation} or {@code weight}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the sides there are
     */
    public static Side parse(String text) {
        for (Side side : values()) {
            if (side.text().equals(text)) {
                return side;
            }
        }
        throw new IllegalArgumentException("unknown side '" + text + "': use activation or weight");
    }
}
