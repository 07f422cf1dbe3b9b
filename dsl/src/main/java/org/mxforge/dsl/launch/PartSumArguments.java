package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of y += x_0 + x_1 + ....
 *
 * @param rows rows of all
 * @param columns a multiple of 8
 * @param parts what is added, in order
 * @param y address of what it is added to, FP32 [rows][columns]
 */
public record PartSumArguments(int rows, int columns, List<Part> parts, long y) {
    public PartSumArguments {
        parts = List.copyOf(parts);
    }

    /**
     * A summand.
     *
     * @param x its address, FP32 [rows][columns]; another GPU's memory if this one has access to it
     */
    public record Part(long x) {}
}
