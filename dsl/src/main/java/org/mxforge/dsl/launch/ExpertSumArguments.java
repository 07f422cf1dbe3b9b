package org.mxforge.dsl.launch;

/**
 * Arguments of y[i, :] += sum over j of shares[i, j] * x[permutation[i, j], :].
 *
 * @param rows rows of y
 * @param columns a multiple of 8
 * @param perToken rows of x that each row of y is given
 * @param permutation address of their numbers, INT32 [rows][perToken], each a row of x: the kernel does not check them
 * @param shares address of the factors, FP32 [rows][perToken]
 * @param x address of the experts' outputs, BF16 [...][columns]
 * @param y address of the matrix added to, [rows][columns] in the spec's type
 */
public record ExpertSumArguments(int rows, int columns, int perToken, long permutation, long shares, long x, long y) {}
