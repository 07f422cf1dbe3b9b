package org.mxforge.runtime.tune.device;

import java.util.List;
import org.mxforge.dsl.layout.ExpertTiles;

/**
 * How many tokens each expert of a grouped GEMM has, and the order of {@link ExpertTiles} that follows from it. As in a model there
 * is room for any spread of so many tokens: tiles at the end are not in use.
 *
 * @param tile how many rows tiles have
 */
record ExpertTokens(ExpertTiles tile, List<Integer> counts) {
    ExpertTokens {
        counts = List.copyOf(counts);
    }

    int tiles() {
        int all = counts.stream().mapToInt(Integer::intValue).sum();
        return tile.most(all, 1, counts.size());
    }

    /** Rows of all tiles. */
    int rows() {
        return tile.rows() * tiles();
    }

    /** The first row of {@code expert}. */
    int first(int expert) {
        return tile.rows()
                * counts.subList(0, expert).stream().mapToInt(tile::of).sum();
    }

    /** The tiles' experts and numbers of tokens, {@code [tiles][2]}; -1 and 0 for those that are not in use. */
    int[] routes() {
        int[] routes = new int[2 * tiles()];
        int next = 0;
        for (int expert = 0; expert < counts.size(); expert++) {
            for (int left = counts.get(expert); left > 0; left -= tile.rows()) {
                routes[next++] = expert;
                routes[next++] = Math.min(left, tile.rows());
            }
        }
        for (; next < routes.length; next += 2) {
            routes[next] = -1;
        }
        return routes;
    }
}
