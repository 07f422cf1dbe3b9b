package org.mxforge.dsl.launch;

/**
 * Arguments of y[i, :] = x[index[i], :], or zeros where index[i] is negative.
 *
 * @param rows rows of y
 * @param columns a multiple of 8
 * @param index address of the row numbers, INT32 [rows], each a row of x or negative: the kernel does not check them
 * @param x address of the input, [...][columns] in the spec's type
 * @param y address of the output, [rows][columns] in the spec's type
 */
public record RowGatherArguments(int rows, int columns, long index, long x, long y) {}
