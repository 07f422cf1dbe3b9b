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
    /** So few tokens that the warps of a group of four multiply them together, each by its own weights and channels. */
    public static final int JOINT_TOKENS = 2;

    /** Blocks of 128 channels of a warp whose tokens are in shared memory at once then. */
    public static final int JOINT_ROUNDS = 8;

    /** Reads {@link #configuration()}. */
    public static StreamTiling of(Configuration configuration) {
        configuration.checkNames("bm", "bn", "warps");
        return new StreamTiling(configuration.get("bm"), configuration.get("bn"), configuration.get("warps"));
    }

    /** Whether warps multiply so many tokens together. */
    public static boolean isJoint(int tokens) {
        return tokens == JOINT_TOKENS;
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(Map.of("bm", tokens, "bn", weights, "warps", warps));
    }
}
