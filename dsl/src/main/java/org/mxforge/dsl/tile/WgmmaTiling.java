package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;

/**
 * A GEMM on {@code wgmma}: a block's tile of tokens by weights, for two multiplying warpgroups and one that copies. Stages are as
 * many as fit into shared memory, each 128 bytes of a row deep.
 *
 * @param tokens rows of a tile; in configurations {@code bm}
 * @param weights columns of a tile; {@code bn}
 * @param promotion channels after which the tensor cores' own sums, 14 significant bits wide, are moved into FP32; 0 for never;
 *     {@code promote}
 * @param split blocks that share the channels of a tile; {@code split}
 */
public record WgmmaTiling(int tokens, int weights, int promotion, int split) implements Tiling {
    /** Threads of a block: three warpgroups. */
    public static final int THREADS = 384;

    /** Reads {@link #configuration()}. */
    public static WgmmaTiling of(Configuration configuration) {
        configuration.checkNames("bm", "bn", "promote", "split");
        return new WgmmaTiling(
                configuration.get("bm"),
                configuration.get("bn"),
                configuration.get("promote"),
                configuration.get("split"));
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(Map.of("bm", tokens, "bn", weights, "promote", promotion, "split", split));
    }
}
