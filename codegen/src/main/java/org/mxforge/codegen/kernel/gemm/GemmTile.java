package org.mxforge.codegen.kernel.gemm;

import org.mxforge.dsl.tile.MmaTiling;
import org.mxforge.dsl.tile.Pipeline;
import org.mxforge.dsl.tile.ScaledMmaTiling;
import org.mxforge.dsl.tile.TileShape;
import org.mxforge.dsl.tile.WarpGrid;

/**
 * The tile of a GEMM on {@code mma.sync}: the parameters of its config space and what follows from them.
 *
 * @param stageBytes shared memory of one pipeline stage
 */
record GemmTile(int bm, int bn, int bk, int wm, int wn, int stages, int stageBytes) {
    static GemmTile of(MmaTiling tiling, long stageBytes) {
        return of(tiling.block(), tiling.warps(), tiling.pipeline(), stageBytes);
    }

    static GemmTile of(ScaledMmaTiling tiling, long stageBytes) {
        return of(tiling.block(), tiling.warps(), tiling.pipeline(), stageBytes);
    }

    private static GemmTile of(TileShape block, WarpGrid warps, Pipeline pipeline, long stageBytes) {
        return new GemmTile(
                block.m(), block.n(), block.k(), warps.m(), warps.n(), pipeline.stages(), Math.toIntExact(stageBytes));
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
