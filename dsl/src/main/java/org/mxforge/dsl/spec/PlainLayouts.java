package org.mxforge.dsl.spec;

import java.util.Locale;
import org.mxforge.dsl.layout.OperandLayout;

/** How what goes into a plain product can lie: in rows, or in the tiles that wgmma multiplies. */
final class PlainLayouts {
    private PlainLayouts() {}

    /** Refuses any other. */
    static void check(String stem, OperandLayout layout) {
        if (layout != OperandLayout.PLAIN && layout != OperandLayout.BF16) {
            throw new IllegalArgumentException(
                    stem + " writes plain or bf16, not " + (layout == null ? null : text(layout)));
        }
    }

    static String text(OperandLayout layout) {
        return layout.name().toLowerCase(Locale.ROOT);
    }

    /** Reads {@link #text}. */
    static OperandLayout parse(String text) {
        for (OperandLayout layout : OperandLayout.values()) {
            if (text(layout).equals(text)) {
                return layout;
            }
        }
        throw new IllegalArgumentException("unknown layout '" + text + "': use plain or bf16");
    }
}
