package org.mxforge.runtime.oracle;

import java.util.Arrays;
import org.mxforge.dsl.layout.ExpertTiles;

/**
 * The padded order of {@link ExpertTiles}, as {@link org.mxforge.dsl.spec.ExpertOrderSpec} defines it.
 *
 * @param routes [tiles][2]: the expert of each tile and how many of its rows hold tokens; -1 and 0 behind the last
 * @param tokens [tiles][rows of a tile]: the token of each row; -1 where there is none
 * @param permutation [rows][per token]: where each token's rows are
 */
public record ExpertOrder(int[] routes, int[] tokens, int[] permutation) {
    /**
     * Orders tokens.
     *
     * @param chosen [rows][per token]: the experts of each token
     * @param form how many rows tiles have
     * @param tiles tiles to fill, as many as are needed or more
     */
    public static ExpertOrder of(ExpertTiles form, int[] chosen, int perToken, int experts, int tiles) {
        int rows = form.rows();
        int[] routes = new int[2 * tiles];
        int[] tokens = new int[rows * tiles];
        int[] permutation = new int[chosen.length];
        Arrays.fill(tokens, -1);
        int tile = 0;
        for (int expert = 0; expert < experts; expert++) {
            int count = 0;
            for (int i = 0; i < chosen.length; i++) {
                if (chosen[i] == expert) {
                    permutation[i] = tile * rows + count++;
                    tokens[permutation[i]] = i / perToken;
                }
            }
            for (int left = count; left > 0; left -= rows) {
                routes[2 * tile] = expert;
                routes[2 * tile + 1] = Math.min(left, rows);
                tile++;
            }
        }
        for (; tile < tiles; tile++) {
            routes[2 * tile] = -1;
        }
        return new ExpertOrder(routes, tokens, permutation);
    }
}
