package org.mxforge.dsl.launch;

/**
 * Arguments of the factor of a block on the diagonal.
 *
 * @param size rows and columns of the whole matrices, even
 * @param first row and column at which the block begins, even
 * @param matrix address of the symmetric matrix, FP64 [size][size], of which the lower triangle is read
 * @param inverse address of the inverse of the block's L, FP64 [64][64]
 * @param root address of the matrix whose block becomes the transpose of that inverse, FP64 [size][size]
 * @param failed address of an INT32 that becomes 1 where the block is not positive definite
 */
public record Fp64FactorArguments(int size, int first, long matrix, long inverse, long root, long failed) {}
