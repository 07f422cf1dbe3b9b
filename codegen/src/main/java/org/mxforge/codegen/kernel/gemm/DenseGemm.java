package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;

/**
 * A portable GEMM on plain BF16 operands.
 *
 * @param name entry point
 * @param pitch bytes from row to row of a tile in shared memory
 * @param operands the epilogue's parameter, if any
 */
record DenseGemm(
        String name,
        GemmTile tile,
        long pitch,
        GemmOutput output,
        GemmEpilogue epilogue,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {}
