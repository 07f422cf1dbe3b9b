package org.mxforge.codegen.kernel.gemm;

import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.tile.SharedTile;
import org.mxforge.dsl.tile.StreamTiling;

/**
 * The tile of the streaming GEMM: the parameters of its config space and what follows from them.
 *
 * @param bm tokens
 * @param bn weights
 * @param warps that share K
 * @param slotBytes shared memory of the block of 128 channels that a warp has under way
 * @param blocks blocks of threads that a multiprocessor should hold, which bounds their registers
 * @param sharedBytes dynamic shared memory of a block
 */
record HopperStreamTile(int bm, int bn, int warps, int slotBytes, int blocks, int sharedBytes) {
    /** So many partitions share registers without spilling. */
    private static final int FEW_PARTITIONS = 3;

    /**
     * @param containers whether there are weights that are not decoded in registers
     * @param partitions how many partitions there are
     * @param grouped whether tiles have weights of their own
     */
    static HopperStreamTile of(StreamTiling tiling, boolean containers, int partitions, boolean grouped) {
        Configuration configuration = tiling.configuration();
        int bm = tiling.tokens();
        int bn = tiling.weights();
        int warps = tiling.warps();
        return new HopperStreamTile(
                bm,
                bn,
                warps,
                Math.toIntExact(SharedTile.streamSlot(containers).evaluate(configuration)),
                Math.max(1, residentWarps(bm, bn, partitions, grouped) / warps),
                Math.toIntExact(SharedTile.streamBlock(containers).evaluate(configuration)));
    }

    /** Warps of a multiprocessor whose registers hold sums, fragments and what is under way: 64 to 255 a thread, in 64 Ki. */
    private static int residentWarps(int bm, int bn, int partitions, boolean grouped) {
        int few =
                switch (bm * bn) {
                    case 2 * 16 -> 32;
                    case 8 * 16 -> partitions == 1 && !grouped ? 40 : 32;
                    case 16 * 16 -> 32;
                    case 32 * 16 -> bn == 16 ? 20 : 16;
                    case 64 * 16 -> 16;
                    default -> 8;
                };
        return partitions > FEW_PARTITIONS ? few * 3 / 4 : few;
    }

    /** Whether the warps of a group multiply together. */
    boolean isJoint() {
        return StreamTiling.isJoint(bm);
    }

    int threads() {
        return 32 * warps;
    }

    /** What a block does. */
    String work(int rows) {
        return rows > bm
                ? "one block for each tile of " + rows + " rows, " + bm + " at a time, and " + bn
                        + " columns of D, columns along x"
                : "one block for each tile of " + bm + " rows and " + bn + " columns of D, columns along x";
    }
}
