package org.mxforge.runtime.refine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.MixedRecipe.Budget.Bits;

/**
 * Gives formats to the units of all layers at once, so that the predicted loss is least under a budget. With a price on bits every unit
 * chooses for itself; bisection finds the price at which they keep to the budget, and what is left of it then buys what helps most for its
 * bits.
 */
final class Allocation {
    /** From few bits to many. */
    static final List<ElementFormat> FORMATS = List.of(ElementFormat.E2M1, ElementFormat.E2M3, ElementFormat.E4M3);

    /** Pairs of formats that a layer may have: parts of a split that its kernel multiplies one after the other. */
    private static final int PARTS = 3;

    private static final int STEPS = 60;

    /** Rounds in which the prices of weights and activations are found in turn, since each depends on the other a little. */
    private static final int ROUNDS = 6;

    private final List<List<Unit>> layers;
    private final Bits budget;
    private final List<FormatPair> pairs;
    private final List<List<FormatPair>> choices;
    private final double size;

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
     * What came out.
     *
     * @param formats of each unit of each layer
     * @param loss predicted
     * @param weightBits mean
     * @param activationBits mean, by products
     */
    record Result(List<List<FormatPair>> formats, double loss, double weightBits, double activationBits) {}

    private Allocation(List<List<Unit>> layers, Bits budget) {
        this.layers = layers;
        this.budget = budget;
        pairs = FORMATS.stream()
                .flatMap(activation -> FORMATS.stream()
                        .filter(weight -> !budget.isShared() || weight == activation)
                        .map(weight -> new FormatPair(activation, weight)))
                .toList();
        choices = choices(0, List.of());
        size = layers.stream().flatMap(List::stream).mapToDouble(Unit::size).sum();
    }

    /** All sets of as many pairs as a layer may have. */
    private List<List<FormatPair>> choices(int from, List<FormatPair> begun) {
        if (begun.size() == Math.min(PARTS, pairs.size())) {
            return List.of(begun);
        }
        List<List<FormatPair>> all = new ArrayList<>();
        for (int i = from; i < pairs.size(); i++) {
            List<FormatPair> more = new ArrayList<>(begun);
            more.add(pairs.get(i));
            all.addAll(choices(i + 1, more));
        }
        return all;
    }

    /**
     * The best formats for {@code layers}.
     *
     * @throws MxForgeException with the range that there is, if the budget is outside of it
     */
    static Result of(List<List<Unit>> layers, Bits budget) {
        check("bits".concat(budget.isShared() ? "" : " of weights"), budget.weights());
        check("bits of activations", budget.activations());
        return new Allocation(layers, budget).solve();
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
        double weightPrice = 0;
        double activationPrice = 0;
        if (budget.isShared()) {
            weightPrice = price(price -> assign(price, 0), this::weightBits, budget.weights());
        } else {
            for (int round = 0; round < ROUNDS; round++) {
                double fixed = activationPrice;
                weightPrice = price(price -> assign(price, fixed), this::weightBits, budget.weights());
                double found = weightPrice;
                activationPrice = price(price -> assign(found, price), this::activationBits, budget.activations());
            }
        }
        List<List<FormatPair>> formats = assign(weightPrice, activationPrice);
        return fill(keep(formats));
    }

    /** The lowest price at which the budget is kept. */
    private static double price(
            DoubleFunction<List<List<FormatPair>>> assign, ToDoubleFunction<List<List<FormatPair>>> bits, double most) {
        if (bits.applyAsDouble(assign.apply(0)) <= most) {
            return 0;
        }
        double low = Math.log(1e-40);
        double high = Math.log(1e20);
        for (int step = 0; step < STEPS; step++) {
            double middle = (low + high) / 2;
            if (bits.applyAsDouble(assign.apply(Math.exp(middle))) <= most) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.exp(high);
    }

    /** What every unit chooses under these prices of a bit. */
    private List<List<FormatPair>> assign(double weightPrice, double activationPrice) {
        return layers.stream()
                .map(units -> assign(units, weightPrice, activationPrice))
                .toList();
    }

    private List<FormatPair> assign(List<Unit> units, double weightPrice, double activationPrice) {
        double[][] costs = new double[units.size()][pairs.size()];
        for (int u = 0; u < costs.length; u++) {
            for (int p = 0; p < pairs.size(); p++) {
                FormatPair pair = pairs.get(p);
                double bits = weightPrice * pair.weight().bits()
                        + activationPrice * pair.activation().bits();
                costs[u][p] = units.get(u).loss(pair) + bits * units.get(u).size();
            }
        }
        FormatPair[] best = null;
        double least = Double.POSITIVE_INFINITY;
        for (List<FormatPair> choice : choices) {
            double sum = 0;
            FormatPair[] chosen = new FormatPair[costs.length];
            for (int u = 0; u < costs.length; u++) {
                double lowest = Double.POSITIVE_INFINITY;
                for (FormatPair pair : choice) {
                    double cost = costs[u][pairs.indexOf(pair)];
                    if (cost < lowest) {
                        lowest = cost;
                        chosen[u] = pair;
                    }
                }
                sum += lowest;
            }
            if (sum < least) {
                least = sum;
                best = chosen;
            }
        }
        return Arrays.asList(best);
    }

    /** In lists that may be changed; where two prices together miss the budget by a little, units give up what costs least for its bits. */
    private List<List<FormatPair>> keep(List<List<FormatPair>> formats) {
        List<List<FormatPair>> kept = new ArrayList<>();
        formats.forEach(layer -> kept.add(new ArrayList<>(layer)));
        while (weightBits(kept) > budget.weights() + 1e-9 || activationBits(kept) > budget.activations() + 1e-9) {
            boolean weights = weightBits(kept) > budget.weights() + 1e-9;
            boolean found = exchange(kept, (unit, from, to) -> {
                int saved = weights
                        ? from.weight().bits() - to.weight().bits()
                        : from.activation().bits() - to.activation().bits();
                int other = weights
                        ? to.activation().bits() - from.activation().bits()
                        : to.weight().bits() - from.weight().bits();
                return saved > 0 && other <= 0
                        ? -(unit.loss(to) - unit.loss(from)) / (saved * unit.size())
                        : Double.NEGATIVE_INFINITY;
            });
            if (!found) {
                // No layer has a narrower pair among its three: the narrowest of all keep to every budget.
                kept.forEach(layer -> layer.replaceAll(any -> pairs.get(0)));
            }
        }
        return kept;
    }

    private Result fill(List<List<FormatPair>> formats) {
        boolean more = true;
        while (more) {
            double weightRoom = (budget.weights() - weightBits(formats)) * size + 1e-6;
            double activationRoom = (budget.activations() - activationBits(formats)) * size + 1e-6;
            more = exchange(formats, (unit, from, to) -> {
                double weights = (to.weight().bits() - from.weight().bits()) * unit.size();
                double activations = (to.activation().bits() - from.activation().bits()) * unit.size();
                double gain = unit.loss(from) - unit.loss(to);
                return gain > 0 && weights <= weightRoom && activations <= activationRoom
                        ? gain / Math.max(1, Math.max(weights, 0) + Math.max(activations, 0))
                        : Double.NEGATIVE_INFINITY;
            });
        }
        double loss = 0;
        for (int i = 0; i < layers.size(); i++) {
            for (int u = 0; u < layers.get(i).size(); u++) {
                loss += layers.get(i).get(u).loss(formats.get(i).get(u));
            }
        }
        return new Result(formats, loss, weightBits(formats), activationBits(formats));
    }

    /** How much a unit is the better for an exchange; -infinity where it may not be. */
    @FunctionalInterface
    private interface Worth {
        double of(Unit unit, FormatPair from, FormatPair to);
    }

    /** Makes the one exchange that is worth most, to a pair that its layer has; whether there was one. */
    private boolean exchange(List<List<FormatPair>> formats, Worth worth) {
        double most = Double.NEGATIVE_INFINITY;
        int[] where = null;
        FormatPair best = null;
        for (int i = 0; i < layers.size(); i++) {
            List<FormatPair> used = formats.get(i).stream().distinct().toList();
            List<FormatPair> open = used.size() < PARTS ? pairs : used;
            for (int u = 0; u < layers.get(i).size(); u++) {
                FormatPair from = formats.get(i).get(u);
                for (FormatPair to : open) {
                    double value = to.equals(from)
                            ? Double.NEGATIVE_INFINITY
                            : worth.of(layers.get(i).get(u), from, to);
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

    private double weightBits(List<List<FormatPair>> formats) {
        return mean(formats, pair -> pair.weight().bits());
    }

    private double activationBits(List<List<FormatPair>> formats) {
        return mean(formats, pair -> pair.activation().bits());
    }

    private double mean(List<List<FormatPair>> formats, ToDoubleFunction<FormatPair> bits) {
        double sum = 0;
        for (int i = 0; i < layers.size(); i++) {
            for (int u = 0; u < layers.get(i).size(); u++) {
                sum += bits.applyAsDouble(formats.get(i).get(u))
                        * layers.get(i).get(u).size();
            }
        }
        return sum / size;
    }
}
