package org.mxforge.runtime.base.options;

import java.util.Locale;

/** Whether scales are folded into FP8 where a GPU has tensor cores for it, of which sm_90a is the one. */
public enum Folding {
    /** Where it changes nothing; channels with 8-bit elements, which have no room for a scale, are multiplied in BF16 beside the others. */
    EXACT,
    /** Everywhere: elements may be rounded once more, see {@link org.mxforge.dsl.spec.Tolerance}. */
    LOSSY,
    /** Nowhere. */
    OFF;

    /** In lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
