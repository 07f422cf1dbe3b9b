package org.mxforge.runtime.tune.device;

import java.util.List;
import org.mxforge.dsl.layout.ExpertTiles;

/**
 * How many tokens each expert of a grouped GEMM has, and the order of {@link ExpertTiles} that follows from it. As in a model there
 * is room for any spread of so many tokens: tiles at the end are not in use.
 */
record ExpertTokens(List<Integer> counts) {
    ExpertTokens {
        counts = List.copyOf(counts);
    }

    int tiles() {
        int all = counts.stream().mapToInt(Integer::intValue).sum();
        return ExpertTiles.most(all, 1, counts.size());
    }

    /** Rows of all tiles. */
    int rows() {
        return ExpertTiles.ROWS * tiles();
    }

    /** The first row of {@code expert}. */
    int first(int expert) {
        return ExpertTiles.ROWS
                * counts.subList(0, expert).stream().mapToInt(ExpertTiles::of).sum();
    }

    /** The tiles' experts and numbers of tokens, {@code [tiles][2]}; -1 and 0 for those that are not in use. */
    int[] routes() {
        int[] routes = new int[2 * tiles()];
        int next = 0;
        for (int expert = 0; expert < counts.size(); expert++) {
            for (int left = counts.get(expert); left > 0; left -= ExpertTiles.ROWS) {
                routes[next++] = expert;
                routes[next++] = Math.min(left, ExpertTiles.ROWS);
            }
        }
        for (; next < routes.length; next += 2) {
            routes[next] = -1;
        }
        return routes;
    }
}
