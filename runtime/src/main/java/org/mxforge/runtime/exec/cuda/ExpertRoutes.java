package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;

/**
 * Which experts the tokens go to, and the order of {@link ExpertTiles} that follows from it; never seen by the host.
 *
 * @param rows tokens
 * @param perToken experts that each is sent to
 * @param experts experts there are
 * @param tile how many rows tiles have
 * @param tiles tiles that there is room for, of which those at the end may be unused
 * @param shares FP32 [rows][perToken]
 * @param routes INT32 [tiles][2]
 * @param tokens INT32 [tiles][rows of a tile], -1 where a row has no token
 * @param permutation INT32 [rows][perToken]
 */
record ExpertRoutes(
        int rows,
        int perToken,
        int experts,
        ExpertTiles tile,
        int tiles,
        Scratch shares,
        Scratch routes,
        Scratch tokens,
        Scratch permutation)
        implements AutoCloseable {
    /** The routes that {@code scores}, FP32 [rows][experts], ask for. */
    static ExpertRoutes of(Gpu gpu, CudaMatrix scores, int perToken) {
        int rows = scores.rows();
        int experts = scores.columns();
        ExpertTiles tile = ExpertTiles.forTokens(rows);
        int tiles = tile.most(rows, perToken, experts);
        long choices = (long) rows * perToken;
        ExpertRoutes routes = new ExpertRoutes(
                rows,
                perToken,
                experts,
                tile,
                tiles,
                gpu.scratch("the shares of experts", Float.BYTES * choices),
                gpu.scratch("the experts of tiles", 2L * Integer.BYTES * tiles),
                gpu.scratch("the tokens of tiles", (long) Integer.BYTES * tile.rows() * tiles),
                gpu.scratch("the permutation of tokens", Integer.BYTES * choices));
        try (Scratch chosen = gpu.scratch("the experts of tokens", Integer.BYTES * choices)) {
            gpu.launch(
                    new ExpertChoiceSpec(),
                    new ExpertChoiceArguments(
                            rows, experts, perToken, scores.address(), chosen.address(), routes.shares.address()));
            gpu.launch(
                    new ExpertOrderSpec(tile),
                    new ExpertOrderArguments(
                            rows,
                            experts,
                            perToken,
                            tiles,
                            chosen.address(),
                            routes.routes.address(),
                            routes.tokens.address(),
                            routes.permutation.address()));
        }
        return routes;
    }

    /** Rows of all tiles. */
    int paddedRows() {
        return tile.rows() * tiles;
    }

    /** Tokens of an expert if all had as many, rounded up. */
    int meanTokens() {
        return Math.toIntExact(((long) rows * perToken + experts - 1) / experts);
    }

    @Override
    public void close() {
        shares.close();
        routes.close();
        tokens.close();
        permutation.close();
    }
}
