package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;

/**
 * A GEMM for few tokens on {@code wgmma} whose blocks have rings of weights under way. A block has several teams, each of which takes tiles of
 * D for its own: its warpgroups share the channels of one, and so do the same teams of the other blocks of a cluster.
 *
 * @param tokens rows of a tile; in configurations {@code bm}
 * @param teams of a block; {@code teams}
 * @param ways warpgroups of a team; {@code ways}
 * @param parts blocks of a cluster; {@code parts}
 * @param stages slots of a team's ring; {@code stages}
 */
public record RingTiling(int tokens, int teams, int ways, int parts, int stages) implements Tiling {
    /** Columns of a tile. */
    public static final int WEIGHTS = 64;

    /** Reads {@link #configuration()}. */
    public static RingTiling of(Configuration configuration) {
        configuration.checkNames("bm", "parts", "stages", "teams", "ways");
        return new RingTiling(
                configuration.get("bm"),
                configuration.get("teams"),
                configuration.get("ways"),
                configuration.get("parts"),
                configuration.get("stages"));
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(Map.of("bm", tokens, "parts", parts, "stages", stages, "teams", teams, "ways", ways));
    }
}
