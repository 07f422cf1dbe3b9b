package org.mxforge.runtime.refine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.MixedRecipe.Budget.Bits;

/**
 * Gives formats to the units of all layers at once, so that the predicted loss is least within limits, such as mean bits or time. With a
 * price on what is limited every unit chooses for itself; bisection finds the price at which they keep to the limit, and what is left of
 * it then buys what helps most for what it takes.
 */
final class Allocation {
    /** From few bits to many. */
    static final List<ElementFormat> FORMATS = List.of(ElementFormat.E2M1, ElementFormat.E2M3, ElementFormat.E4M3);

    /** Pairs of formats that a layer may have: parts of a split that its kernel multiplies one after the other. */
    private static final int PARTS = 3;

    private static final int STEPS = 60;

    /** Rounds in which the prices of several limits are found in turn, since each depends on the others a little. */
    private static final int ROUNDS = 6;

    /** What may be lacking of a limit, or over it, since sums are not exact. */
    private static final double SLACK = 1e-9;

    private final List<List<Unit>> layers;
    private final List<FormatPair> pairs;
    private final List<Limit> limits;
    private final List<int[]> choices;
    private final double[] sizes;

    /**
     * Some channels of a layer that get one pair of formats.
     *
     * @param size products of them for a token: weights
     * @param activations predicted loss when activations are in each of {@link #FORMATS}
     * @param weights the same of the weights
     */
    record Unit(double size, double[] activations, double[] weights) {
        /** Both as one. */
        Unit and(Unit other) {
            double[] both = activations.clone();
            double[] bothWeights = weights.clone();
            for (int f = 0; f < both.length; f++) {
                both[f] += other.activations[f];
                bothWeights[f] += other.weights[f];
            }
            return new Unit(size + other.size, both, bothWeights);
        }

        double loss(FormatPair pair) {
            return activations[FORMATS.indexOf(pair.activation())] + weights[FORMATS.indexOf(pair.weight())];
        }
    }

    /**
     * Something that formats use up.
     *
     * @param most of it there is
     * @param uses what a layer takes
     */
    record Limit(double most, Uses uses) {
        /** Of a layer. */
        interface Uses {
            /** What {@code layer} takes when all of its units are in {@code pair}; a unit takes its part of that. */
            double whole(int layer, FormatPair pair);

            /** What it takes more once it has several pairs. */
            default double seam(int layer) {
                return 0;
            }
        }
    }

    /**
     * What came out.
     *
     * @param formats of each unit of each layer
     * @param loss predicted
     */
    record Result(List<List<FormatPair>> formats, double loss) {}

    private Allocation(List<List<Unit>> layers, List<FormatPair> pairs, List<Limit> limits) {
        this.layers = layers;
        this.pairs = pairs;
        this.limits = limits;
        choices = choices();
        sizes = layers.stream()
                .mapToDouble(units -> units.stream().mapToDouble(Unit::size).sum())
                .toArray();
    }

    /** All sets of as many pairs as a layer may have, and each pair alone, by their places. */
    private List<int[]> choices() {
        List<int[]> all = new ArrayList<>();
        choices(0, new int[0], all);
        if (pairs.size() > 1) {
            IntStream.range(0, pairs.size()).forEach(pair -> all.add(new int[] {pair}));
        }
        return all;
    }

    private void choices(int from, int[] begun, List<int[]> all) {
        if (begun.length == Math.min(PARTS, pairs.size())) {
            all.add(begun);
            return;
        }
        for (int i = from; i < pairs.size(); i++) {
            int[] more = Arrays.copyOf(begun, begun.length + 1);
            more[begun.length] = i;
            choices(i + 1, more, all);
        }
    }

    /**
     * The best formats for {@code layers} with so many bits on average.
     *
     * @throws MxForgeException with the range that there is, if the budget is outside of it
     */
    static Result of(List<List<Unit>> layers, Bits budget) {
        check(budget);
        double[] sizes = layers.stream()
                .mapToDouble(units -> units.stream().mapToDouble(Unit::size).sum())
                .toArray();
        double all = Arrays.stream(sizes).sum();
        Limit weights =
                new Limit(budget.weights() * all, (layer, pair) -> pair.weight().bits() * sizes[layer]);
        Limit activations = new Limit(
                budget.activations() * all, (layer, pair) -> pair.activation().bits() * sizes[layer]);
        return of(
                layers, pairs(budget.isShared()), budget.isShared() ? List.of(weights) : List.of(weights, activations));
    }

    /** The best within {@code limits}, which the cheapest formats keep to. */
    static Result of(List<List<Unit>> layers, List<FormatPair> pairs, List<Limit> limits) {
        return new Allocation(layers, pairs, limits).solve();
    }

    /**
     * The pairs of {@link #FORMATS}.
     *
     * @param shared whether both sides are alike
     */
    static List<FormatPair> pairs(boolean shared) {
        return FORMATS.stream()
                .flatMap(activation -> FORMATS.stream()
                        .filter(weight -> !shared || weight == activation)
                        .map(weight -> new FormatPair(activation, weight)))
                .toList();
    }

    /** Refuses bits that no choice of formats has. */
    static void check(Bits budget) {
        check("bits".concat(budget.isShared() ? "" : " of weights"), budget.weights());
        check("bits of activations", budget.activations());
    }

    private static void check(String what, double bits) {
        int least = FORMATS.get(0).bits();
        int most = FORMATS.get(FORMATS.size() - 1).bits();
        if (!(bits >= least && bits <= most)) {
            throw new MxForgeException(String.format(
                    Locale.ROOT,
                    "no choice of formats has %s %s on average: give a number from %d to %d",
                    bits,
                    what,
                    least,
                    most));
        }
    }

    private Result solve() {
        double[] prices = new double[limits.size()];
        for (int round = 0; round < (limits.size() > 1 ? ROUNDS : 1); round++) {
            for (int i = 0; i < prices.length; i++) {
                prices[i] = price(i, prices);
            }
        }
        return fill(keep(assign(prices)));
    }

    /** The lowest price of what {@code limit} limits at which it is kept, the other prices as they are. */
    private double price(int limit, double[] others) {
        double[] prices = others.clone();
        prices[limit] = 0;
        if (isKept(limit, assign(prices))) {
            return 0;
        }
        double low = Math.log(1e-40);
        double high = Math.log(1e20);
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            prices[limit] = Math.exp(middle);
            if (isKept(limit, assign(prices))) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }

    private boolean isKept(int limit, List<List<FormatPair>> formats) {
        return room(limits.get(limit), formats) >= -SLACK * limits.get(limit).most();
    }

    /** What is left of it. */
    private double room(Limit limit, List<List<FormatPair>> formats) {
        double used = 0;
        for (int i = 0; i < formats.size(); i++) {
            List<FormatPair> layer = formats.get(i);
            boolean split = false;
            for (int u = 0; u < layer.size(); u++) {
                used += use(limit, i, layers.get(i).get(u), layer.get(u));
                split |= !layer.get(u).equals(layer.get(0));
            }
            used += split ? limit.uses().seam(i) : 0;
        }
        return limit.most() - used;
    }

    private double use(Limit limit, int layer, Unit unit, FormatPair pair) {
        return limit.uses().whole(layer, pair) * unit.size() / sizes[layer];
    }

    /** What every unit chooses under these prices. */
    private List<List<FormatPair>> assign(double[] prices) {
        return IntStream.range(0, layers.size())
                .mapToObj(layer -> assign(layer, prices))
                .toList();
    }

    private List<FormatPair> assign(int layer, double[] prices) {
        List<Unit> units = layers.get(layer);
        double[][] costs = new double[units.size()][pairs.size()];
        double seam = 0;
        for (int i = 0; i < prices.length; i++) {
            Limit limit = limits.get(i);
            seam += prices[i] * limit.uses().seam(layer);
            for (int p = 0; p < pairs.size(); p++) {
                double whole = prices[i] * limit.uses().whole(layer, pairs.get(p)) / sizes[layer];
                for (int u = 0; u < costs.length; u++) {
                    costs[u][p] += whole * units.get(u).size();
                }
            }
        }
        for (int u = 0; u < costs.length; u++) {
            for (int p = 0; p < pairs.size(); p++) {
                costs[u][p] += units.get(u).loss(pairs.get(p));
            }
        }
        int[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int[] choice : choices) {
            double sum = 0;
            boolean split = false;
            int[] chosen = new int[costs.length];
            for (int u = 0; u < costs.length; u++) {
                double lowest = Double.POSITIVE_INFINITY;
                for (int pair : choice) {
                    if (costs[u][pair] < lowest) {
                        lowest = costs[u][pair];
                        chosen[u] = pair;
                    }
                }
                sum += lowest;
                split |= chosen[u] != chosen[0];
            }
            sum += split ? seam : 0;
            if (sum < least) {
                least = sum;
                best = chosen;
            }
        }
        return Arrays.stream(best).mapToObj(pairs::get).toList();
    }

    /** In lists that may be changed; where prices together miss a limit by a little, units give up what costs least for what it saves. */
    private List<List<FormatPair>> keep(List<List<FormatPair>> formats) {
        List<List<FormatPair>> kept = new ArrayList<>();
        formats.forEach(layer -> kept.add(new ArrayList<>(layer)));
        for (int next = missed(kept); next >= 0; next = missed(kept)) {
            int missed = next;
            boolean found = exchange(kept, (loss, taken) -> {
                boolean more = false;
                for (int i = 0; i < taken.length; i++) {
                    more |= i != missed && taken[i] > 0;
                }
                return taken[missed] < 0 && !more ? loss / taken[missed] : Double.NEGATIVE_INFINITY;
            });
            if (!found) {
                // No layer has a cheaper pair among its three: the cheapest of all keep to every limit.
                for (int i = 0; i < kept.size(); i++) {
                    int layer = i;
                    FormatPair cheapest = pairs.stream()
                            .min(Comparator.comparingDouble(
                                    pair -> limits.get(missed).uses().whole(layer, pair)))
                            .orElseThrow();
                    kept.get(i).replaceAll(any -> cheapest);
                }
            }
        }
        return kept;
    }

    /** A limit that is not kept; -1 if all are. */
    private int missed(List<List<FormatPair>> formats) {
        return IntStream.range(0, limits.size())
                .filter(limit -> !isKept(limit, formats))
                .findFirst()
                .orElse(-1);
    }

    private Result fill(List<List<FormatPair>> formats) {
        boolean more = true;
        while (more) {
            double[] rooms = limits.stream()
                    .mapToDouble(limit -> room(limit, formats) + SLACK * limit.most())
                    .toArray();
            more = exchange(formats, (loss, taken) -> {
                double parts = 0;
                for (int i = 0; i < taken.length; i++) {
                    if (taken[i] > rooms[i]) {
                        return Double.NEGATIVE_INFINITY;
                    }
                    parts += Math.max(taken[i], 0) / limits.get(i).most();
                }
                return loss < 0 ? -loss / Math.max(SLACK, parts) : Double.NEGATIVE_INFINITY;
            });
        }
        double loss = 0;
        for (int i = 0; i < layers.size(); i++) {
            for (int u = 0; u < layers.get(i).size(); u++) {
                loss += layers.get(i).get(u).loss(formats.get(i).get(u));
            }
        }
        return new Result(formats, loss);
    }

    /** How much a unit is the better for an exchange. */
    @FunctionalInterface
    private interface Worth {
        /**
         * @param loss what it adds to the loss
         * @param taken what it takes more of each limit
         * @return -infinity where it may not be
         */
        double of(double loss, double[] taken);
    }

    /** Makes the one exchange that is worth most, to a pair that its layer has; whether there was one. */
    private boolean exchange(List<List<FormatPair>> formats, Worth worth) {
        double most = Double.NEGATIVE_INFINITY;
        int[] where = null;
        FormatPair best = null;
        double[] taken = new double[limits.size()];
        for (int i = 0; i < layers.size(); i++) {
            List<FormatPair> used = formats.get(i).stream().distinct().toList();
            List<FormatPair> open = used.size() < PARTS ? pairs : used;
            for (int u = 0; u < layers.get(i).size(); u++) {
                Unit unit = layers.get(i).get(u);
                FormatPair from = formats.get(i).get(u);
                for (FormatPair to : open) {
                    if (to.equals(from)) {
                        continue;
                    }
                    for (int l = 0; l < taken.length; l++) {
                        Limit limit = limits.get(l);
                        taken[l] = use(limit, i, unit, to)
                                - use(limit, i, unit, from)
                                + (used.size() == 1 ? limit.uses().seam(i) : 0);
                    }
                    double value = worth.of(unit.loss(to) - unit.loss(from), taken);
                    if (value > most) {
                        most = value;
                        where = new int[] {i, u};
                        best = to;
                    }
                }
            }
        }
        if (where != null) {
            formats.get(where[0]).set(where[1], best);
        }
        return where != null;
    }
}
