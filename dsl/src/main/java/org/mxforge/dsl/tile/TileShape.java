package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.ConfigurationPart;

/**
 * The block of a GEMM that one thread block (or one CPU task) works on; in configurations {@code bm}, {@code bn}, {@code bk}.
 *
 * @param m rows (tokens)
 * @param n columns (output channels)
 * @param k depth of one pipeline stage, in elements
 */
public record TileShape(int m, int n, int k) implements ConfigurationPart {
    public TileShape {
        if (m <= 0 || n <= 0 || k <= 0) {
            throw new IllegalArgumentException("tile " + m + "x" + n + "x" + k + " has an empty side");
        }
    }

    static TileShape of(Configuration configuration) {
        return new TileShape(configuration.get("bm"), configuration.get("bn"), configuration.get("bk"));
    }

    @Override
    public Map<String, Integer> values() {
        return Map.of("bm", m, "bn", n, "bk", k);
    }

    /** Such as {@code 128x128x64}. */
    public String text() {
        return m + "x" + n + "x" + k;
    }
}
