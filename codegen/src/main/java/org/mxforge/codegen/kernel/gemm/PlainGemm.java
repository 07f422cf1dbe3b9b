package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import org.mxforge.codegen.template.OutputModel;

/**
 * A portable GEMM on plain operands.
 *
 * @param name entry point
 * @param integers whether they are INT8
 * @param pitch bytes from row to row of a tile in shared memory
 * @param store how sums are finished and stored
 * @param operands the epilogue's parameter, if any
 */
record PlainGemm(
        String name,
        boolean integers,
        GemmTile tile,
        long pitch,
        GemmOutput output,
        GemmEpilogue epilogue,
        OutputModel store,
        List<GemmEpilogue.Operand> operands)
        implements OutputModel {}
