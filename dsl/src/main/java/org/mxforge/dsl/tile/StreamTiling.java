package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;

/**
 * A GEMM for few tokens that reads its weights once: a block's tile of tokens by weights, all of whose channels its warps share.
 *
 * @param tokens rows of a tile; in configurations {@code bm}
 * @param weights columns of a tile; {@code bn}
 * @param warps that share the channels; {@code warps}
 */
public record StreamTiling(int tokens, int weights, int warps) implements Tiling {
    /** Reads {@link #configuration()}. */
    public static StreamTiling of(Configuration configuration) {
        configuration.checkNames("bm", "bn", "warps");
        return new StreamTiling(configuration.get("bm"), configuration.get("bn"), configuration.get("warps"));
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(Map.of("bm", tokens, "bn", weights, "warps", warps));
    }
}
