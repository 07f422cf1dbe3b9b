package org.mxforge.dsl.launch;

/**
 * Arguments of an expansion of packed codes to the tiles of BF16 that wgmma multiplies.
 *
 * @param rows rows; those of padding are not written
 * @param channels a multiple of 32
 * @param codes address of the packed codes, [rows][channels]
 * @param scales address of their E8M0 scales in tiles of 128 by 4
 * @param factors address of the rows' factors, FP32 [rows]
 * @param tiles address of the result
 */
public record MxExpandArguments(int rows, int channels, long codes, long scales, long factors, long tiles) {}
