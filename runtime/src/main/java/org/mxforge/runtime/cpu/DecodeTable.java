package org.mxforge.runtime.cpu;

import org.mxforge.dsl.format.ElementFormat;

/** Tables from codes to values. */
public final class DecodeTable {
    private DecodeTable() {}

    /** The value of every code of {@code format}. */
    public static float[] of(ElementFormat format) {
        float[] table = new float[format.codes()];
        for (int code = 0; code < table.length; code++) {
            table[code] = format.decode(code);
        }
        return table;
    }
}
