package org.mxforge.dsl.launch;

/**
 * Arguments of y[m, k] = silu(x[m, k]) * x[m, columns + k].
 *
 * @param rows rows of both
 * @param columns columns of y; a multiple of 8
 * @param x address of gates and their factors side by side, BF16 [rows][2 columns]
 * @param y address of the output, BF16 [rows][columns] as the spec's layout has it
 */
public record SiluMulArguments(int rows, int columns, long x, long y) {}
