package org.mxforge.dsl.tile;

import org.mxforge.dsl.space.Configuration;

/**
 * A GEMM on the CPU: at most {@code block.m()} rows and {@code block.n()} columns a task, {@code block.k()} channels of the weights
 * decoded at a time.
 *
 * @param block tile of a task
 */
public record CpuTiling(TileShape block) implements Tiling {
    /** Reads {@link #configuration()}. */
    public static CpuTiling of(Configuration configuration) {
        configuration.checkNames("bm", "bn", "bk");
        return new CpuTiling(TileShape.of(configuration));
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(block);
    }
}
