package org.mxforge.codegen.kernel.gemm;

import static org.mxforge.dsl.space.Expression.constant;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.launch.DeviceFact;
import org.mxforge.dsl.space.Expression;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.WgmmaTiling;

/**
 * The tile of a GEMM on wgmma and what follows from it.
 *
 * @param bm tokens
 * @param bn weights, 64 for each multiplying warpgroup
 * @param wave tokens of one product: all, or half of 256 where a second set of sums needs the registers
 * @param stages as many as fit
 * @param stageBytes a stage: tokens, then weights, of 128 channels
 * @param ragged whether no more waves are multiplied than a tile has tokens for, and half of the last if that will do
 * @param strip token tiles that are worked on together
 * @param parts blocks that share the channels of a tile
 * @param split whether there are several
 * @param sharedBytes dynamic shared memory of a block
 */
record HopperTile(
        int bm,
        int bn,
        int wave,
        int stages,
        int stageBytes,
        boolean ragged,
        int strip,
        int parts,
        boolean split,
        int sharedBytes) {
    /** The swizzle repeats every 1024 bytes. */
    private static final int ALIGNMENT = 1024;

    private static final int MAX_STAGES = 8;

    /** Fewest tokens of a product. */
    private static final int LEAST_WAVE = 64;

    /** Both warpgroups' room for rearranging sums, the larger of the two ways, and the barriers. */
    private static final int SLAB_BYTES = 2 * 8704;

    private static final int BARRIER_BYTES = 16 * MAX_STAGES;

    /**
     * @param weightBytes of a stage
     * @param grouped whether tiles are of one expert each
     */
    static HopperTile of(WgmmaTiling tiling, int weightBytes, boolean grouped) {
        int bm = tiling.tokens();
        int stageBytes = (bm * 128 + weightBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        int room = Target.SM_90A.sharedMemoryPerBlock() - SLAB_BYTES - BARRIER_BYTES;
        int stages = Math.min(MAX_STAGES, room / stageBytes);
        int wave = tiling.promotion() == 0 ? bm : Math.min(bm, 128);
        return new HopperTile(
                bm,
                tiling.weights(),
                wave,
                stages,
                stageBytes,
                grouped && tiling.promotion() > 0 && wave > LEAST_WAVE,
                2048 / bm,
                tiling.split(),
                tiling.split() > 1,
                stages * stageBytes + SLAB_BYTES + BARRIER_BYTES);
    }

    /** Whether products are of half a wave, each way that occurs. */
    List<Boolean> halves() {
        return ragged ? List.of(false, true) : List.of(false);
    }

    /** Its grid, clusters and shared memory: as many blocks as stay, or a cluster for each tile of D. */
    void launch(SignatureBuilder signature) {
        Expression tiles = GemmSignature.COLUMNS.pieces(constant(bn)).times(GemmSignature.ROWS.pieces(constant(bm)));
        signature
                .grid(split ? tiles.times(parts) : tiles.min(DeviceFact.MULTIPROCESSORS.variable()))
                .cluster(parts)
                .shared(constant(sharedBytes));
    }

    /** What a block does. */
    String work() {
        String tiles = "tile of " + bm + " rows and " + bn + " columns of D";
        return split
                ? parts + " blocks for each " + tiles
                : "at most as many blocks as multiprocessors, one for each " + tiles + " in turn";
    }
}
