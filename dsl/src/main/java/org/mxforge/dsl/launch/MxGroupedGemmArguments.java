package org.mxforge.dsl.launch;

import java.util.List;

/**
 * Arguments of the mixed-precision microscaling GEMMs of all experts of a layer, D[m, :] = epilogue(sum over partitions) with the
 * weights of the expert of row m. Rows are in the order of {@link org.mxforge.dsl.layout.ExpertTiles}.
 *
 * @param m rows of A and D, whole tiles; how many of them are in use, {@code routes} says
 * @param n rows of one expert's B, columns of D
 * @param routes address of the tiles' routes, INT32 [tiles][2]: the expert, and how many rows of the tile, from its first,
 *     hold tokens; -1 and 0 for a tile to skip. The kernel does not check them
 * @param partitions one for each format pair of the spec, in its order; weights and their scales or factors are those of all
 *     experts one after the other, each padded as that of one GEMM
 * @param epilogueOperand address of the epilogue's operand: BF16 bias [experts][n], or a residual or up matrix of D's shape and type; 0 if
 *     there is none
 * @param d address of D, [m][n] row-major in the spec's output type; rows without tokens are not written
 */
public record MxGroupedGemmArguments(
        int m, int n, long routes, List<MxGemmOperands> partitions, long epilogueOperand, long d) {
    public MxGroupedGemmArguments {
        partitions = List.copyOf(partitions);
    }
}
