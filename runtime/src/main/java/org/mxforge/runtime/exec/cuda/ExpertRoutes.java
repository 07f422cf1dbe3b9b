package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.launch.ExpertRouteArguments;
import org.mxforge.dsl.launch.TokenRouteArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.ExpertChoiceSpec;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertRouteSpec;
import org.mxforge.dsl.spec.TokenRouteSpec;
import org.mxforge.runtime.exec.spi.LinearInput;

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
        ExpertRoutes routes = allocate(gpu, scores.rows(), perToken, scores.columns());
        if (routes.tile.equals(ExpertTiles.FEW)) {
            routes.route(gpu, scores);
        } else {
            routes.chooseAndOrder(gpu, scores);
        }
        return routes;
    }

    /** The routes of one token that {@code router} asks for, from the residual stream through a norm. */
    static ExpertRoutes ofToken(
            Gpu gpu, CudaMatrix x, LinearInput.Step.RmsNorm norm, DenseLinear router, int perToken) {
        ExpertRoutes routes = allocate(gpu, 1, perToken, router.outputs());
        gpu.launch(
                new TokenRouteSpec(),
                new TokenRouteArguments(
                        x.columns(),
                        routes.experts,
                        perToken,
                        x.address(),
                        CudaVector.of(norm.weight(), x.columns()).address(),
                        norm.epsilon(),
                        router.rows(),
                        routes.shares.address(),
                        routes.routes.address(),
                        routes.tokens.address(),
                        routes.permutation.address()));
        return routes;
    }

    private static ExpertRoutes allocate(Gpu gpu, int rows, int perToken, int experts) {
        ExpertTiles tile = ExpertTiles.forTokens(rows);
        int tiles = tile.most(rows, perToken, experts);
        long choices = (long) rows * perToken;
        return new ExpertRoutes(
                rows,
                perToken,
                experts,
                tile,
                tiles,
                gpu.scratch("the shares of experts", Float.BYTES * choices),
                gpu.scratch("the experts of tiles", 2L * Integer.BYTES * tiles),
                gpu.scratch("the tokens of tiles", (long) Integer.BYTES * tile.rows() * tiles),
                gpu.scratch("the permutation of tokens", Integer.BYTES * choices));
    }

    private void route(Gpu gpu, CudaMatrix scores) {
        gpu.launch(
                new ExpertRouteSpec(),
                new ExpertRouteArguments(
                        rows,
                        experts,
                        perToken,
                        tiles,
                        scores.address(),
                        shares.address(),
                        routes.address(),
                        tokens.address(),
                        permutation.address()));
    }

    private void chooseAndOrder(Gpu gpu, CudaMatrix scores) {
        try (Scratch chosen = gpu.scratch("the experts of tokens", (long) Integer.BYTES * rows * perToken)) {
            gpu.launch(
                    new ExpertChoiceSpec(),
                    new ExpertChoiceArguments(
                            rows, experts, perToken, scores.address(), chosen.address(), shares.address()));
            gpu.launch(
                    new ExpertOrderSpec(),
                    new ExpertOrderArguments(
                            rows,
                            experts,
                            perToken,
                            tiles,
                            chosen.address(),
                            routes.address(),
                            tokens.address(),
                            permutation.address()));
        }
    }

    /** Rows of all tiles. */
    int paddedRows() {
        return tile.rows() * tiles;
    }

    /** Experts that can have tokens: of few tokens not all. */
    int reached() {
        return Math.toIntExact(Math.min(experts, (long) rows * perToken));
    }

    /** Tokens of an expert if all that can have some had as many, rounded up. */
    int meanTokens() {
        return Math.toIntExact(((long) rows * perToken + reached() - 1) / reached());
    }

    @Override
    public void close() {
        shares.close();
        routes.close();
        tokens.close();
        permutation.close();
    }
}
