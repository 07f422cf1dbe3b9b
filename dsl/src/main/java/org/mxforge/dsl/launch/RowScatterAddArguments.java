package org.mxforge.dsl.launch;

/**
 * Arguments of y[index[i], :] += weights[i] * x[i, :].
 *
 * @param rows rows of x
 * @param columns a multiple of 8
 * @param index address of the row numbers, INT32 [rows] without repeats, each a row of y: the kernel does not check them
 * @param weights address of the factors, FP32 [rows]
 * @param x address of the input, BF16 [rows][columns]
 * @param y address of the matrix added to, [...][columns] in the spec's type
 */
public record RowScatterAddArguments(int rows, int columns, long index, long weights, long x, long y) {}
