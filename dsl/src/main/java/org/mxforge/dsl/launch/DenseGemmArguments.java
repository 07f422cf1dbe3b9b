package org.mxforge.dsl.launch;

/**
 * Arguments of a GEMM on plain operands, D[m, n] = epilogue(sum over k of A[m, k] * B[n, k]).
 *
 * @param m rows of A and D
 * @param n rows of B, columns of D
 * @param k channels; a multiple of 8
 * @param a address of A, BF16 [m][k]
 * @param b address of B, BF16 [n][k]
 * @param epilogueOperand address of the epilogue's operand: BF16 bias [n], or a residual or up matrix of D's shape and type; 0 if there
 *     is none
 * @param d address of D, [m][n] row-major in the spec's output type
 */
public record DenseGemmArguments(int m, int n, int k, long a, long b, long epilogueOperand, long d) {}
