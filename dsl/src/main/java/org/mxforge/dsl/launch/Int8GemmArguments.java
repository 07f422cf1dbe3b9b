package org.mxforge.dsl.launch;

/**
 * Arguments of a GEMM on INT8 operands, D[m, n] = epilogue(sum over k of A[m, k] * B[n, k], times both scales).
 *
 * @param m rows of A and D
 * @param n rows of B, columns of D
 * @param k channels; a multiple of 16
 * @param a address of A, [m][k] in {@link org.mxforge.dsl.layout.Int8Tile}s
 * @param b address of B, [n][k] likewise
 * @param rowScales address of A's scales, FP32 [m]
 * @param columnScales address of B's scales, FP32 [n]
 * @param epilogueOperand address of the epilogue's operand: BF16 bias [n], or a residual or up matrix of D's shape and type; 0 if there
 *     is none
 * @param d address of D, [m][n] row-major in the spec's output type
 */
public record Int8GemmArguments(
        int m, int n, int k, long a, long b, long rowScales, long columnScales, long epilogueOperand, long d) {}
