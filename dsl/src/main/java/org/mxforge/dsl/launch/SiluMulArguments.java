package org.mxforge.dsl.launch;

/**
 * Arguments of y[m, k] = silu(gate[m, k]) * up[m, k].
 *
 * @param rows rows of all three
 * @param columns a multiple of 8
 * @param gate address of the gate, BF16 [rows][columns]
 * @param up address of the factor, BF16 [rows][columns]
 * @param y address of the output, BF16 [rows][columns]; may be gate or up
 */
public record SiluMulArguments(int rows, int columns, long gate, long up, long y) {}
