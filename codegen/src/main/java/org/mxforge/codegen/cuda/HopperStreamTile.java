package org.mxforge.codegen.cuda;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.tile.SharedTile;

/**
 * The tile of the streaming GEMM: the parameters of its config space and what follows from them.
 *
 * @param bm tokens
 * @param bn weights
 * @param warps that share K
 * @param depth blocks of 128 channels that a warp has under way
 * @param slotBytes shared memory of one of them
 * @param blocks blocks of threads that a multiprocessor should hold, which bounds their registers
 * @param sharedBytes dynamic shared memory of a block
 */
record HopperStreamTile(int bm, int bn, int warps, int depth, int slotBytes, int blocks, int sharedBytes) {
    static HopperStreamTile of(Configuration configuration, boolean containers) {
        int bm = configuration.get("bm");
        int bn = configuration.get("bn");
        int warps = configuration.get("warps");
        return new HopperStreamTile(
                bm,
                bn,
                warps,
                SharedTile.STREAM_DEPTH,
                Math.toIntExact(SharedTile.streamSlot(containers).evaluate(configuration)),
                Math.max(1, residentWarps(bm, bn) / warps),
                Math.toIntExact(SharedTile.streamBlock(containers).evaluate(configuration)));
    }

    /** Warps of a multiprocessor whose registers hold sums, fragments and what is under way: 64 to 255 a thread, in 64 Ki. */
    private static int residentWarps(int bm, int bn) {
        if (bn == 32) {
            return bm == 64 ? 8 : 16;
        }
        return switch (bm) {
            case 64 -> 16;
            case 32 -> 20;
            default -> 32;
        };
    }

    int threads() {
        return 32 * warps;
    }
}
