package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of y = [x_0 x_1 ...].
 *
 * @param rows rows of all
 * @param columns of a part; a multiple of 8
 * @param parts what is joined, in order
 * @param y address of the whole, BF16 [rows][parts * columns]
 */
public record PartJoinArguments(int rows, int columns, List<Part> parts, long y) {
    public PartJoinArguments {
        parts = List.copyOf(parts);
    }

    /**
     * A part.
     *
     * @param x its address, BF16 [rows][columns]; another GPU's memory if this one has access to it
     */
    public record Part(long x) {}
}
