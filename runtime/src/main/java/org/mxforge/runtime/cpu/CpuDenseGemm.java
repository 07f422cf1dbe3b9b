package org.mxforge.runtime.cpu;

import org.mxforge.dsl.format.ScalarArray;

/** A kernel for one {@link org.mxforge.dsl.spec.DenseGemmSpec} on FP32 activations. Safe for concurrent use on different tiles. */
public interface CpuDenseGemm extends GemmTiling {
    /** Computes rows {@code begin .. end-1} of the columns from {@code column} on, at most a tile of each. */
    void tile(Operands operands, int begin, int end, int column);

    /**
     * What a GEMM reads and writes.
     *
     * @param activations {@code [M][K]}
     * @param weights {@code [N][K]}
     * @param columns N
     * @param channels K
     * @param epilogueOperand bias {@code [N]}, residual or up {@code [M][N]}, as the epilogue wants; else null
     * @param out D, {@code [M][N]}; may be {@code epilogueOperand}
     */
    record Operands(
            float[] activations,
            ScalarArray weights,
            int columns,
            int channels,
            float[] epilogueOperand,
            float[] out) {}
}
