package org.mxforge.runtime.check;

import static org.mxforge.dsl.format.ScalarType.FP32;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.launch.ExpertRouteArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.launch.TokenRouteArguments;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.spec.KernelSpec;

/** The way of tokens to their experts. */
final class ExpertTrials {
    private static final float EPSILON = 1e-5f;

    private ExpertTrials() {}

    /** Goes by scores, whose exponentials are rounded. */
    private interface Scored extends Trial {
        @Override
        default Set<Data> data() {
            return EnumSet.of(Data.RANDOM);
        }

        @Override
        default boolean isExact(KernelSpec unused, Data data) {
            return false;
        }
    }

    /** Tokens of which each goes to some of the experts, no more than there are. */
    private interface Routed extends Trial {
        @Override
        default Launched launch(CheckCase of, Operands operands) {
            int experts = of.sizes().get("experts");
            int perToken = Math.min(experts, of.sizes().get("perToken"));
            return launch(Draw.of(of), of.sizes().get("rows"), experts, perToken, operands);
        }

        Launched launch(Draw draw, int rows, int experts, int perToken, Operands operands);
    }

    /** Scores within what FP32 sums of as many terms may come to. */
    record Router() implements Trial {
        @Override
        public List<Extent> extents() {
            return List.of(
                    Extent.any("rows", 5, 20), Extent.of("columns", 264, 8, 8, 600), Extent.any("experts", 6, 40));
        }

        @Override
        public Set<Data> data() {
            return EnumSet.of(Data.RANDOM, Data.ZEROS, Data.WINDOW);
        }

        @Override
        public boolean isExact(KernelSpec unused, Data data) {
            return false;
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int rows = of.sizes().get("rows");
            int columns = of.sizes().get("columns");
            int experts = of.sizes().get("experts");
            Draw draw = Draw.of(of);
            float[] x = draw.numbers(FP32, rows * columns);
            float[] weight = draw.normal(columns);
            float[] router = draw.normal(experts * columns);
            double[] values = scores(x, weight, router);
            double[] allowed = new double[values.length];
            for (int i = 0; i < values.length; i++) {
                double norm = RowTrials.norm(x, i / experts * columns, columns, EPSILON);
                for (int k = 0; k < columns; k++) {
                    double term = x[i / experts * columns + k] * norm * weight[k] * router[i % experts * columns + k];
                    // The norm is a number of BF16, or one of FP32.
                    allowed[i] += 0x1p-8 * Math.abs(term);
                }
                allowed[i] += Rounding.FLUSHED;
            }
            long scores = operands.room("scores", FP32, values.length);
            return new Launched(
                    new RouterArguments(
                            rows,
                            columns,
                            experts,
                            operands.floats("x", x),
                            operands.bf16("weight", weight),
                            EPSILON,
                            operands.bf16("router", router),
                            scores),
                    Wanted.of("scores", scores, FP32, experts, values).within(allowed));
        }
    }

    /** The scores of each row of {@code x}. */
    private static double[] scores(float[] x, float[] weight, float[] router) {
        int columns = weight.length;
        int experts = router.length / columns;
        double[] scores = new double[x.length / columns * experts];
        for (int i = 0; i < scores.length; i++) {
            double norm = RowTrials.norm(x, i / experts * columns, columns, EPSILON);
            for (int k = 0; k < columns; k++) {
                scores[i] += x[i / experts * columns + k] * norm * weight[k] * router[i % experts * columns + k];
            }
        }
        return scores;
    }

    /** The best experts of each token in ascending order, and what share of it they get. */
    record ExpertChoice() implements Scored, Routed {
        @Override
        public List<Extent> extents() {
            return List.of(
                    Extent.any("rows", 5, 40), Extent.of("experts", 40, 8, 1, 300), Extent.any("perToken", 2, 8));
        }

        @Override
        public Launched launch(Draw draw, int rows, int experts, int perToken, Operands operands) {
            float[] scores = draw.numbers(FP32, rows * experts);
            Chosen best = Chosen.of(scores, experts, perToken);
            long chosen = operands.room("chosen", FP32, best.experts.length);
            long given = operands.room("shares", FP32, best.experts.length);
            return new Launched(
                    new ExpertChoiceArguments(
                            rows, experts, perToken, operands.floats("scores", scores), chosen, given),
                    Wanted.ofInts("chosen", chosen, perToken, best.experts),
                    best.wanted(given, perToken));
        }
    }

    /** Tokens in the order of their experts. */
    record ExpertOrder() implements Routed {
        @Override
        public List<Extent> extents() {
            return List.of(Extent.any("rows", 9, 300), Extent.of("experts", 8, 4, 1, 60), Extent.any("perToken", 2, 4));
        }

        /** Numbers of experts alone. */
        @Override
        public Set<Data> data() {
            return EnumSet.of(Data.EXACT);
        }

        @Override
        public boolean isExact(KernelSpec unused, Data data) {
            return true;
        }

        @Override
        public Launched launch(Draw draw, int rows, int experts, int perToken, Operands operands) {
            int[] chosen = new int[rows * perToken];
            for (int row = 0; row < rows; row++) {
                int[] own = Arrays.copyOf(draw.order(experts), perToken);
                Arrays.sort(own);
                System.arraycopy(own, 0, chosen, row * perToken, perToken);
            }
            ExpertTiles form = ExpertTiles.MANY;
            // Two more than can be needed, so that there is an end to mark.
            int tiles = form.most(rows, perToken, experts) + 2;
            Placed placed = Placed.of(chosen, perToken, experts, form, tiles);
            long routesAt = operands.room("routes", FP32, placed.routes.length);
            long tokensAt = operands.room("tokens", FP32, placed.tokens.length);
            long placesAt = operands.room("permutation", FP32, placed.places.length);
            return new Launched(
                    new ExpertOrderArguments(
                            rows,
                            experts,
                            perToken,
                            tiles,
                            operands.ints("chosen", chosen),
                            routesAt,
                            tokensAt,
                            placesAt),
                    Wanted.ofInts("routes", routesAt, 2, placed.routes),
                    Wanted.ofInts("tokens", tokensAt, form.rows(), placed.tokens),
                    Wanted.ofInts("permutation", placesAt, perToken, placed.places));
        }
    }

    /**
     * Where tokens lie in the tiles of their experts.
     *
     * @param routes expert and number of tokens of each tile, from its end on -1 and 0
     * @param tokens of the rows of tiles, -1 where there is none
     * @param places [rows][perToken], the rows of a token's experts
     */
    private record Placed(int[] routes, int[] tokens, int[] places) {
        /** In {@code tiles} of the form, as many as are used or more. */
        static Placed of(int[] chosen, int perToken, int experts, ExpertTiles form, int tiles) {
            int rows = form.rows();
            int[] routes = new int[2 * tiles];
            int[] tokens = new int[rows * tiles];
            int[] places = new int[chosen.length];
            Arrays.fill(tokens, -1);
            int tile = 0;
            for (int expert = 0; expert < experts; expert++) {
                int count = 0;
                for (int i = 0; i < chosen.length; i++) {
                    if (chosen[i] == expert) {
                        places[i] = tile * rows + count++;
                        tokens[places[i]] = i / perToken;
                    }
                }
                for (int left = count; left > 0; left -= rows, tile++) {
                    routes[2 * tile] = expert;
                    routes[2 * tile + 1] = Math.min(left, rows);
                }
            }
            for (; tile < tiles; tile++) {
                routes[2 * tile] = -1;
            }
            return new Placed(routes, tokens, places);
        }
    }

    /**
     * The experts of tokens.
     *
     * @param experts [rows][perToken], ascending in each row
     * @param shares of them
     */
    private record Chosen(int[] experts, double[] shares) {
        static Chosen of(float[] scores, int experts, int perToken) {
            int rows = scores.length / experts;
            int[] best = new int[rows * perToken];
            double[] shares = new double[best.length];
            for (int row = 0; row < rows; row++) {
                int from = row * experts;
                int[] own = IntStream.range(0, experts)
                        .boxed()
                        .sorted((a, b) -> Float.compare(scores[from + b], scores[from + a]))
                        .limit(perToken)
                        .mapToInt(Integer::intValue)
                        .sorted()
                        .toArray();
                double sum = IntStream.of(own)
                        .mapToDouble(expert -> Math.exp(scores[from + expert]))
                        .sum();
                for (int i = 0; i < perToken; i++) {
                    best[row * perToken + i] = own[i];
                    shares[row * perToken + i] = Math.exp(scores[from + own[i]]) / sum;
                }
            }
            return new Chosen(best, shares);
        }

        Wanted wanted(long address, int perToken) {
            return Wanted.of("shares", address, FP32, perToken, shares).within(Rounding.of(FP32, shares, 0x1p-18));
        }
    }

    /** Choice and order of few tokens. */
    record ExpertRoute() implements Scored, Routed {
        @Override
        public List<Extent> extents() {
            return List.of(Extent.any("rows", 5, 16), Extent.of("experts", 8, 1, 1, 60), Extent.any("perToken", 2, 8));
        }

        @Override
        public Launched launch(Draw draw, int rows, int experts, int perToken, Operands operands) {
            float[] scores = draw.numbers(FP32, rows * experts);
            Chosen best = Chosen.of(scores, experts, perToken);
            ExpertTiles form = ExpertTiles.FEW;
            int tiles = form.most(rows, perToken, experts) + 2;
            Placed placed = Placed.of(best.experts, perToken, experts, form, tiles);
            long sharesAt = operands.room("shares", FP32, placed.places.length);
            // First of tiles without tokens, then those of tokens over them.
            long routesAt = operands.rewritten("routes", placed.routes.length);
            long tokensAt = operands.rewritten("tokens", placed.tokens.length);
            long placesAt = operands.room("permutation", FP32, placed.places.length);
            return new Launched(
                    new ExpertRouteArguments(
                            rows,
                            experts,
                            perToken,
                            tiles,
                            operands.floats("scores", scores),
                            sharesAt,
                            routesAt,
                            tokensAt,
                            placesAt),
                    best.wanted(sharesAt, perToken),
                    Wanted.ofInts("routes", routesAt, 2, placed.routes),
                    Wanted.ofInts("tokens", tokensAt, form.rows(), placed.tokens),
                    Wanted.ofInts("permutation", placesAt, perToken, placed.places));
        }
    }

    /** Scores, choice and order of one token. */
    record TokenRoute() implements Scored {
        @Override
        public List<Extent> extents() {
            return List.of(
                    Extent.of("columns", 264, 8, 8, 600), Extent.any("experts", 8, 40), Extent.any("perToken", 2, 8));
        }

        @Override
        public Launched launch(CheckCase of, Operands operands) {
            int columns = of.sizes().get("columns");
            int experts = of.sizes().get("experts");
            int perToken = Math.min(experts, of.sizes().get("perToken"));
            Draw draw = Draw.of(of);
            float[] x = draw.numbers(FP32, columns);
            float[] weight = draw.normal(columns);
            float[] router = new float[experts * columns];
            // Each expert looks at channels of its own, whose terms are all positive: scores hardly round, and none
            // decides by that.
            for (int i = 0; i < router.length; i++) {
                int k = i % columns;
                router[i] = k % experts == i / columns ? Math.signum(x[k] * weight[k]) : 0;
            }
            double[] scores = scores(x, weight, router);
            float[] rounded = new float[experts];
            for (int i = 0; i < experts; i++) {
                rounded[i] = (float) scores[i];
            }
            Chosen best = Chosen.of(rounded, experts, perToken);
            double largest = Arrays.stream(scores).max().orElseThrow();
            Placed placed = Placed.of(best.experts, perToken, experts, ExpertTiles.FEW, perToken);
            long sharesAt = operands.room("shares", FP32, perToken);
            long routesAt = operands.room("routes", FP32, placed.routes.length);
            long tokensAt = operands.room("tokens", FP32, placed.tokens.length);
            long placesAt = operands.room("permutation", FP32, perToken);
            return new Launched(
                    new TokenRouteArguments(
                            columns,
                            experts,
                            perToken,
                            operands.floats("x", x),
                            operands.bf16("weight", weight),
                            EPSILON,
                            operands.bf16("router", router),
                            sharesAt,
                            routesAt,
                            tokensAt,
                            placesAt),
                    Wanted.of("shares", sharesAt, FP32, perToken, best.shares)
                            .within(Rounding.of(FP32, best.shares, 0x1p-18 * (1 + largest))),
                    Wanted.ofInts("routes", routesAt, 2, placed.routes),
                    Wanted.ofInts("tokens", tokensAt, ExpertTiles.FEW.rows(), placed.tokens),
                    Wanted.ofInts("permutation", placesAt, perToken, placed.places));
        }
    }
}
