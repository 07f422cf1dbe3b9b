package org.mxforge.runtime.refine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.MixedRecipe.Budget.Milliseconds;
import org.mxforge.runtime.quant.Refinement;

/**
 * Formats under a budget of milliseconds. What every layer takes in every pair of formats alone is measured. Parts of a layer are taken to
 * add up, and a layer of several parts to take a little more, the seam: what that is for layers of one size is measured on splits that
 * were chosen, after which is chosen anew.
 */
final class TimedFormats {
    /** How often is chosen. */
    private static final int ROUNDS = 4;

    /** Splits that are measured in a round, of those that layers of one size have. */
    private static final int MEASURED = 4;

    /** What may be left of the budget. */
    private static final double CLOSE = 0.01;

    private final List<List<LinearSite>> layers;
    private final MixedRecipe recipe;
    private final Milliseconds budget;
    private final Refiner.SiteClock clock;
    private final Progress progress;
    private final List<FormatPair> pairs = Allocation.pairs(false);
    private final Map<Size, double[]> alone = new HashMap<>();
    private final Map<Size, Double> seams = new HashMap<>();

    /** What it depends on how long the products of alike sites take. */
    private record Size(int channels, List<Integer> outputs, int sites) {
        static Size of(List<LinearSite> alike) {
            List<Integer> outputs = alike.get(0).products().stream()
                    .map(LinearSite.Product::outputs)
                    .toList();
            return new Size(alike.get(0).channels(), outputs, alike.size());
        }
    }

    /**
     * Times every pair of formats.
     *
     * @param layers sites that get the same formats, together
     * @throws MxForgeException with the range that there is, if no formats are so fast
     */
    TimedFormats(
            List<List<LinearSite>> layers,
            MixedRecipe recipe,
            Milliseconds budget,
            Refiner.SiteClock clock,
            Progress progress) {
        this.layers = layers;
        this.recipe = recipe;
        this.budget = budget;
        this.clock = clock;
        this.progress = progress;
        long sizes = layers.stream().map(Size::of).distinct().count();
        try (Progress.Task task = progress.begin("timing formats", "measurements", sizes * pairs.size())) {
            for (List<LinearSite> alike : layers) {
                alone.computeIfAbsent(Size.of(alike), size -> pairs.stream()
                        .mapToDouble(pair -> {
                            progress.check();
                            double millis = millis(alike, ChannelSplit.uniform(pair, size.channels()));
                            task.advance(1);
                            return millis;
                        })
                        .toArray());
            }
        }
        if (fastest() > budget.most()) {
            throw new MxForgeException(String.format(
                    Locale.ROOT,
                    "no choice of formats takes %.4g ms here for the linear layers of a prompt of %,d tokens and %,d steps: give"
                            + " %.4g or more, or %.4g for all of them in MXFP8",
                    budget.most(),
                    budget.prefill(),
                    budget.decode(),
                    fastest(),
                    widest()));
        }
    }

    /** The best formats that keep to the budget, for the units of each layer. */
    SitePlan.Formats find(List<List<Allocation.Unit>> units) {
        // Layers of one part each take what was measured.
        SitePlan.Formats best = measured(allocate(units, budget.most(), layer -> Double.MAX_VALUE));
        double most = budget.most();
        for (int round = 0; round < ROUNDS; round++) {
            progress.check();
            SitePlan.Formats next = measured(allocate(units, most, this::seam));
            double millis = next.time().orElseThrow().millis();
            if (millis <= budget.most() && next.choice().loss() < best.choice().loss()) {
                best = next;
                if (millis > (1 - CLOSE) * budget.most()) {
                    break;
                }
            }
            // The first time what was learned of seams is enough.
            most = round == 0 ? most : Math.max(fastest(), most * Math.min(1, budget.most() / millis));
        }
        return best;
    }

    private double widest() {
        return IntStream.range(0, layers.size())
                .mapToDouble(layer -> alone(layer)[pairs.size() - 1])
                .sum();
    }

    private Allocation.Result allocate(List<List<Allocation.Unit>> units, double most, IntToDoubleFunction seam) {
        return Allocation.of(units, pairs, List.of(new Allocation.Limit(most, new Allocation.Limit.Uses() {
            @Override
            public double whole(int layer, FormatPair pair) {
                return alone(layer)[pairs.indexOf(pair)];
            }

            @Override
            public double seam(int layer) {
                return seam.applyAsDouble(layer);
            }
        })));
    }

    private double seam(int layer) {
        return seams.getOrDefault(Size.of(layers.get(layer)), 0.0);
    }

    private double[] alone(int layer) {
        return alone.get(Size.of(layers.get(layer)));
    }

    private double fastest() {
        return IntStream.range(0, layers.size())
                .mapToDouble(layer -> IntStream.range(0, pairs.size())
                        .mapToDouble(pair -> alone(layer)[pair])
                        .min()
                        .orElseThrow())
                .sum();
    }

    /** Times some splits of each size, and learns from that what the seams of the others take. */
    private SitePlan.Formats measured(Allocation.Result formats) {
        Map<Size, List<ChannelSplit>> splits = new LinkedHashMap<>();
        for (int layer = 0; layer < layers.size(); layer++) {
            splits.computeIfAbsent(Size.of(layers.get(layer)), size -> new ArrayList<>())
                    .add(SitePlan.split(formats.formats().get(layer), recipe.granularity()));
        }
        double millis = 0;
        int sites = 0;
        for (Map.Entry<Size, List<ChannelSplit>> entry : splits.entrySet()) {
            Size size = entry.getKey();
            Map<ChannelSplit, Double> timed = timed(size, entry.getValue());
            timed.entrySet().stream()
                    .mapToDouble(one -> one.getValue() - parts(size, one.getKey()))
                    .average()
                    .ifPresent(seam -> seams.put(size, seam));
            for (ChannelSplit split : entry.getValue()) {
                boolean isTimed = split.partitions().size() == 1 || timed.containsKey(split);
                sites += isTimed ? size.sites() : 0;
                millis += split.partitions().size() == 1
                        ? parts(size, split)
                        : timed.getOrDefault(split, parts(size, split) + seams.getOrDefault(size, 0.0));
            }
        }
        return new SitePlan.Formats(formats, Optional.of(new Refinement.Time(budget.most(), millis, sites)));
    }

    /** What some of the splits with several parts take. */
    private Map<ChannelSplit, Double> timed(Size size, List<ChannelSplit> splits) {
        List<ChannelSplit> mixed = splits.stream()
                .filter(split -> split.partitions().size() > 1)
                .distinct()
                .toList();
        List<LinearSite> alike = layers.stream()
                .filter(layer -> Size.of(layer).equals(size))
                .findFirst()
                .orElseThrow();
        Map<ChannelSplit, Double> timed = new LinkedHashMap<>();
        for (int i = 0; i < Math.min(MEASURED, mixed.size()); i++) {
            ChannelSplit split = mixed.get(i * mixed.size() / Math.min(MEASURED, mixed.size()));
            timed.put(split, millis(alike, split));
        }
        return timed;
    }

    /** What the parts of a split take, each as large a part of what its formats alone take. */
    private double parts(Size size, ChannelSplit split) {
        return split.partitions().stream()
                .mapToDouble(
                        part -> alone.get(size)[pairs.indexOf(part.formats())] * part.channels() / split.channels())
                .sum();
    }

    private double millis(List<LinearSite> alike, ChannelSplit split) {
        InputQuantization input =
                InputQuantization.inOrder(split, recipe.rule()).with(recipe.transform());
        double millis = budget.prefill() == 0 ? 0 : clock.millis(alike.get(0), input, budget.prefill());
        millis += budget.decode() == 0 ? 0 : budget.decode() * clock.millis(alike.get(0), input, 1);
        return millis * alike.size();
    }
}
