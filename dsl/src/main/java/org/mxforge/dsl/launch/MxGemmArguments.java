package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of a mixed-precision microscaling GEMM, D[m, n] = epilogue(sum over partitions).
 *
 * @param m rows of A and D
 * @param n rows of B, columns of D
 * @param partitions one for each format pair of the spec, in its order
 * @param epilogueOperand address of the epilogue's operand: BF16 bias [n], or a residual or up matrix of D's shape and type; 0 if there
 *     is none
 * @param d address of D, [m][n] row-major in the spec's output type
 */
public record MxGemmArguments(int m, int n, List<MxGemmOperands> partitions, long epilogueOperand, long d) {
    public MxGemmArguments {
        partitions = List.copyOf(partitions);
    }
}
