package org.mxforge.dsl.launch;

/**
 * Arguments of rows that become FP64.
 *
 * @param rows of the input and the result
 * @param columns a multiple of 32
 * @param x address of the input, [rows][columns] in the spec's type and layout
 * @param order address of the reorder index, INT32 [columns]
 * @param formats address of {@link org.mxforge.dsl.layout.GroupFormats}, INT32 [columns / 32][8]; not looked at where nothing is rounded
 * @param y address of the result, FP64 [rows][columns]
 */
public record Fp64RowsArguments(int rows, int columns, long x, long order, long formats, long y) {}
