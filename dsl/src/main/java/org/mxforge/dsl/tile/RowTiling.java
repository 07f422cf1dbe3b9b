package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.Parameter;

/**
 * A kernel that goes row by row: {@code threads} of a block; in configurations {@code threads}.
 *
 * @param threads whole warps, 32 to 1024
 */
public record RowTiling(int threads) implements Tiling {
    public RowTiling {
        if (threads < 32 || threads > 1024 || threads % 32 != 0) {
            throw new IllegalArgumentException("threads=" + threads + " is not a multiple of 32 from 32 to 1024");
        }
    }

    /** Reads {@link #configuration()}. */
    public static RowTiling of(Configuration configuration) {
        configuration.checkNames("threads");
        return new RowTiling(configuration.get("threads"));
    }

    /** The sizes of blocks that are worth trying where a kernel has no wishes of its own, the default first. */
    public static ConfigSpace space() {
        return ConfigSpace.of(Parameter.of("threads", 256, 128, 512));
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(Map.of("threads", threads));
    }
}
