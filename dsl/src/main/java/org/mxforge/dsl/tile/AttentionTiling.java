package org.mxforge.dsl.tile;

import java.util.Map;
import java.util.TreeMap;
import org.mxforge.dsl.space.Configuration;

/**
 * Attention in tiles.
 *
 * @param rows queries of a tile, of all heads that share keys; in configurations {@code bm}
 * @param keys positions of a step; {@code bn}
 * @param pipeline steps in shared memory
 */
public record AttentionTiling(int rows, int keys, Pipeline pipeline) implements Tiling {
    /** Reads {@link #configuration()}. */
    public static AttentionTiling of(Configuration configuration) {
        configuration.checkNames("bm", "bn", "stages");
        return new AttentionTiling(configuration.get("bm"), configuration.get("bn"), Pipeline.of(configuration));
    }

    @Override
    public Configuration configuration() {
        Map<String, Integer> values = new TreeMap<>(pipeline.values());
        values.put("bm", rows);
        values.put("bn", keys);
        return Configuration.of(values);
    }
}
