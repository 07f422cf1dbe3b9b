package org.mxforge.dsl.launch;

/**
 * Arguments of laying plain rows out in tiles.
 *
 * @param rows rows, without those of padding
 * @param channels a multiple of 8
 * @param values address of the rows, BF16 [rows][channels]
 * @param tiles address of the result, {@link org.mxforge.dsl.layout.Bf16Tile}s, with room for rows of padding
 */
public record DenseTileArguments(int rows, int channels, long values, long tiles) {}
