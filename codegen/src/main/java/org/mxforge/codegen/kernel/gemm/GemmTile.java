package org.mxforge.codegen.kernel.gemm;

import org.mxforge.dsl.tile.MmaTiling;

/**
 * The tile of a portable GEMM: the parameters of its config space and what follows from them.
 *
 * @param stageBytes shared memory of one pipeline stage
 */
record GemmTile(int bm, int bn, int bk, int wm, int wn, int stages, int stageBytes) {
    static GemmTile of(MmaTiling tiling, long stageBytes) {
        return new GemmTile(
                tiling.block().m(),
                tiling.block().n(),
                tiling.block().k(),
                tiling.warps().m(),
                tiling.warps().n(),
                tiling.pipeline().stages(),
                Math.toIntExact(stageBytes));
    }

    int threads() {
        return 32 * wm * wn;
    }

    int sharedBytes() {
        return stages * stageBytes;
    }

    /** What a block does. */
    String work() {
        return "one block for each tile of " + bm + " rows and " + bn + " columns of D, columns along x";
    }
}
