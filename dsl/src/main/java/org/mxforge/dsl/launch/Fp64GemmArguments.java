package org.mxforge.dsl.launch;

/**
 * Arguments of a product in FP64. Strides count elements from row to row; all are even, and so are n and, where A is plain, k.
 *
 * @param m rows of D
 * @param n columns of D
 * @param k terms of a sum
 * @param a address of A, [m][k], or [k][m] where it is given transposed
 * @param aStride from row to row of {@code a}
 * @param b address of B, [k][n]
 * @param bStride from row to row of B
 * @param d address of D, [m][n]; may be B where m is at most 64
 * @param dStride from row to row of D
 * @param lower 1 where only the tiles of D are wanted that reach its diagonal or lie below it
 * @param upperA 1 where A^T is upper triangular: row i of A has zeros from column i + 1 on
 * @param upperB 1 where B is upper triangular: column j has zeros from row j + 1 on
 */
public record Fp64GemmArguments(
        int m,
        int n,
        int k,
        long a,
        int aStride,
        long b,
        int bStride,
        long d,
        int dStride,
        int lower,
        int upperA,
        int upperB) {}
