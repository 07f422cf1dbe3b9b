package org.mxforge.dsl.tile;

import org.mxforge.dsl.space.Configuration;

/**
 * A GEMM on {@code mma.sync} that scales blocks of its operands itself: a block's tile, the warps that share it, and the stages that are
 * copied ahead.
 *
 * @param block tile of a thread block
 * @param warps how warps share it
 * @param pipeline stages in shared memory
 */
public record ScaledMmaTiling(TileShape block, WarpGrid warps, Pipeline pipeline) implements Tiling {
    /** Reads {@link #configuration()}. */
    public static ScaledMmaTiling of(Configuration configuration) {
        configuration.checkNames("bm", "bn", "bk", "wm", "wn", "stages");
        return new ScaledMmaTiling(TileShape.of(configuration), WarpGrid.of(configuration), Pipeline.of(configuration));
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(block, warps, pipeline);
    }
}
