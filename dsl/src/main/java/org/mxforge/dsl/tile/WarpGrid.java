package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.ConfigurationPart;

/**
 * How the warps of a block share its tile; at most 32 of them.
 *
 * @param m warps along the rows; in configurations {@code wm}
 * @param n warps along the columns; {@code wn}
 */
public record WarpGrid(int m, int n) implements ConfigurationPart {
    public WarpGrid {
        if (m <= 0 || n <= 0 || m > 32 || n > 32 || m * n > 32) {
            throw new IllegalArgumentException("warp grid " + m + "x" + n + " is not 1 to 32 warps");
        }
    }

    static WarpGrid of(Configuration configuration) {
        return new WarpGrid(configuration.get("wm"), configuration.get("wn"));
    }

    @Override
    public Map<String, Integer> values() {
        return Map.of("wm", m, "wn", n);
    }

    /** Threads of the block. */
    public int threads() {
        return 32 * m * n;
    }
}
