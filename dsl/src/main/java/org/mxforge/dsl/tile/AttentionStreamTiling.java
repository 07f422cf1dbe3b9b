package org.mxforge.dsl.tile;

import java.util.Map;
import java.util.TreeMap;
import org.mxforge.dsl.space.Configuration;

/**
 * Attention of single queries, whose positions warps take in turn.
 *
 * @param warps of a block; in configurations {@code warps}
 * @param keys positions of a step; {@code bn}
 * @param pipeline steps of a warp in shared memory
 * @param parts blocks that share a query; {@code parts}
 */
public record AttentionStreamTiling(int warps, int keys, Pipeline pipeline, int parts) implements Tiling {
    /** Reads {@link #configuration()}. */
    public static AttentionStreamTiling of(Configuration configuration) {
        configuration.checkNames("warps", "bn", "stages", "parts");
        return new AttentionStreamTiling(
                configuration.get("warps"),
                configuration.get("bn"),
                Pipeline.of(configuration),
                configuration.get("parts"));
    }

    @Override
    public Configuration configuration() {
        Map<String, Integer> values = new TreeMap<>(pipeline.values());
        values.put("warps", warps);
        values.put("bn", keys);
        values.put("parts", parts);
        return Configuration.of(values);
    }
}
