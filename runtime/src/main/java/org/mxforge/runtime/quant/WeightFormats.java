package org.mxforge.runtime.quant;

import java.util.Locale;
import org.mxforge.dsl.format.ElementFormat;

/** Which formats the weights of a mixed site get. */
enum WeightFormats {
    /** Each part the format of its activations: W4A4, W6A6, W8A8. */
    MATCHED,
    /** Every part FP4: W4A4, W4A6, W4A8. */
    FP4;

    /** The weight format beside activations in {@code activation}. */
    public ElementFormat beside(ElementFormat activation) {
        return this == FP4 ? ElementFormat.E2M1 : activation;
    }

    /** The token that recipe texts use. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the choices there are
     */
    public static WeightFormats parse(String text) {
        for (WeightFormats formats : values()) {
            if (formats.text().equals(text)) {
                return formats;
            }
        }
        throw new IllegalArgumentException("unknown weight formats '" + text + "': use matched or fp4");
    }
}
