package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of a folding of packed weights.
 *
 * @param rows rows that are given
 * @param first which row of the result the first of them is
 * @param parts the partitions of the spec, in its order
 * @param factors address of the factors of the result's rows, FP32; those of the given rows are written
 * @param refused address of an INT32 to which the number of groups is added that cannot be folded without rounding
 */
public record MxFoldArguments(int rows, int first, List<Part> parts, long factors, long refused) {
    public MxFoldArguments {
        parts = List.copyOf(parts);
    }

    /**
     * One partition.
     *
     * @param codes address of the packed codes, [rows][channels]
     * @param scales address of the E8M0 scales, [rows][channels / 32]
     * @param tiles address of the result, {@link org.mxforge.dsl.layout.FragmentTile}s or
     *     {@link org.mxforge.dsl.layout.ContainerTile}s; padding is not written
     * @param channels a multiple of 32
     */
    public record Part(long codes, long scales, long tiles, int channels) {}
}
