package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of kernels that bring together what several GPUs have: y += x_0 + x_1 + ..., all FP32, or y = [x_0 x_1 ...], all BF16.
 *
 * @param rows rows of all
 * @param columns of a part; a multiple of 8
 * @param parts what is brought together, in order
 * @param y address of the sum, FP32 [rows][columns], or of the whole, BF16 [rows][parts * columns]
 */
public record PartsArguments(int rows, int columns, List<Part> parts, long y) {
    public PartsArguments {
        parts = List.copyOf(parts);
    }

    /**
     * A part.
     *
     * @param x its address, [rows][columns]; another GPU's memory if this one has access to it
     */
    public record Part(long x) {}
}
