package org.mxforge.runtime.cpu;

import org.mxforge.runtime.quant.PackedMatrix;

/**
 * A kernel for one {@link org.mxforge.dsl.spec.MxGemmSpec} on FP32 activations: first all activations are decoded, then tiles
 * of D are computed in any order. Safe for concurrent use on different rows and tiles.
 */
public interface CpuMxGemm extends GemmTiling {
    /**
     * Decodes rows {@code begin .. end-1} of packed activations, exactly.
     *
     * @param values {@code [M][K]}, partitions side by side
     */
    void decode(PackedMatrix activations, int begin, int end, float[] values);

    /** Computes rows {@code begin .. end-1} of the columns from {@code column} on, at most a tile of each. */
    void tile(Operands operands, int begin, int end, int column);

    /**
     * What a GEMM reads and writes.
     *
     * @param activations decoded, {@code [M][K]}
     * @param weights packed, N rows
     * @param epilogueOperand bias {@code [N]}, residual or up {@code [M][N]}, as the epilogue wants; else null
     * @param out D, {@code [M][N]}; may be {@code epilogueOperand}
     */
    record Operands(float[] activations, PackedMatrix weights, float[] epilogueOperand, float[] out) {}
}
