package org.mxforge.runtime.refine;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.Refinement;

/**
 * What a site becomes.
 *
 * @param input order and formats
 * @param stored reads the weights of its layers, one below the other, as they are stored
 * @param fingerprint what tells these from others
 * @param probed what it costs in E2M1
 * @param predicted what it will cost so
 */
record SitePlan(
        LinearSite site,
        InputQuantization input,
        Supplier<float[]> stored,
        int fingerprint,
        Probe.Loss probed,
        double predicted) {
    /** GPTQ makes good a part of what rounding weights costs. */
    private static final double REGAINED = 0.85;

    /**
     * The formats of all layers.
     *
     * @param choice of each layer's units, with their predicted loss
     * @param time what the layers take, if the budget is one of time
     */
    record Formats(Allocation.Result choice, Optional<Refinement.Time> time) {}

    /**
     * What chooses the formats of the units of layers, in the order of their first sites.
     *
     * @throws org.mxforge.runtime.base.MxForgeException with the range that there is, if no formats keep to the budget
     */
    static Function<List<List<Allocation.Unit>>, Formats> choice(
            List<LinearSite> sites, MixedRecipe recipe, Refiner.SiteClock clock, Progress progress) {
        long weights = sites.stream()
                .flatMap(site -> site.layers().stream())
                .mapToLong(layer -> (long) layer.outputs() * layer.channels())
                .sum();
        return recipe.budget()
                .map(
                        weights,
                        bits -> {
                            Allocation.check(bits);
                            return units -> new Formats(Allocation.of(units, bits), Optional.empty());
                        },
                        time -> new TimedFormats(
                                        List.copyOf(
                                                alike(sites, LinearSite::sizing).values()),
                                        recipe,
                                        time,
                                        clock,
                                        progress)::find);
    }

    private static <T> Map<String, List<T>> alike(Collection<T> sites, Function<T, String> sizing) {
        return sites.stream().collect(Collectors.groupingBy(sizing, LinkedHashMap::new, Collectors.toList()));
    }

    /**
     * Plans for all sites.
     *
     * @param plans by the names of the sites
     * @param time what they take, if the budget is one of time
     */
    record All(Map<String, SitePlan> plans, Optional<Refinement.Time> time) {
        List<Refinement.Site> found() {
            return plans.values().stream().map(SitePlan::found).toList();
        }
    }

    /** Plans for all sites, formats chosen for all together. */
    static All of(
            Map<String, SiteStudy> studies,
            Map<String, Probe.Loss> losses,
            MixedRecipe recipe,
            Function<List<List<Allocation.Unit>>, Formats> choice) {
        int groups = recipe.granularity() / GroupLayout.GROUP;
        Map<String, List<Allocation.Unit>> units = new LinkedHashMap<>();
        studies.forEach((site, study) -> units.put(site, units(study, losses.get(site), groups)));
        Collection<List<SiteStudy>> layers =
                alike(studies.values(), study -> study.site().sizing()).values();
        Formats formats = choice.apply(
                layers.stream().map(alike -> together(alike, units)).toList());
        Map<String, SitePlan> plans = new LinkedHashMap<>();
        int layer = 0;
        for (List<SiteStudy> alike : layers) {
            List<FormatPair> own = formats.choice().formats().get(layer++);
            for (SiteStudy study : alike) {
                String site = study.site().name();
                double predicted = IntStream.range(0, own.size())
                        .mapToDouble(unit -> units.get(site).get(unit).loss(own.get(unit)))
                        .sum();
                plans.put(site, plan(study, own, recipe, losses.get(site), predicted));
            }
        }
        return new All(plans, formats.time());
    }

    /** The units of sites that are cut alike: the same channels of all of them, each in its own order. */
    private static List<Allocation.Unit> together(List<SiteStudy> alike, Map<String, List<Allocation.Unit>> units) {
        return alike.stream()
                .map(study -> units.get(study.site().name()))
                .reduce((one, other) -> IntStream.range(0, one.size())
                        .mapToObj(unit -> one.get(unit).and(other.get(unit)))
                        .toList())
                .orElseThrow();
    }

    private static List<Allocation.Unit> units(SiteStudy study, Probe.Loss loss, int groups) {
        double[][] inputs = scaled(study.inputCosts(), loss.activations());
        double[][] rounded = scaled(study.weightCosts(), REGAINED * loss.weights());
        double size = (double) study.site().outputs() * GroupLayout.GROUP * groups;
        return IntStream.range(0, inputs[0].length / groups)
                .mapToObj(unit -> new Allocation.Unit(size, sums(inputs, unit, groups), sums(rounded, unit, groups)))
                .toList();
    }

    /** For each format the costs of the groups of a unit. */
    private static double[] sums(double[][] costs, int unit, int groups) {
        return Arrays.stream(costs)
                .mapToDouble(format -> Arrays.stream(format, unit * groups, (unit + 1) * groups)
                        .sum())
                .toArray();
    }

    /** Costs so that those of the first format add up to {@code loss}. */
    private static double[][] scaled(double[][] costs, double loss) {
        double sum = IntStream.range(0, costs[0].length)
                .mapToDouble(i -> costs[0][i])
                .sum();
        double factor = sum == 0 ? 0 : Math.max(loss, 0) / sum;
        for (double[] format : costs) {
            for (int i = 0; i < format.length; i++) {
                format[i] *= factor;
            }
        }
        return costs;
    }

    /** The pairs among {@code formats}, narrow ones first. */
    private static List<FormatPair> pairs(List<FormatPair> formats) {
        return formats.stream()
                .distinct()
                .sorted(Comparator.<FormatPair>comparingInt(
                                pair -> pair.activation().bits())
                        .thenComparingInt(pair -> pair.weight().bits()))
                .toList();
    }

    /** The split of units of {@code granularity} channels in {@code formats}, those of one pair behind each other. */
    static ChannelSplit split(List<FormatPair> formats, int granularity) {
        return new ChannelSplit(
                pairs(formats).stream()
                        .map(pair -> new Partition(pair, Collections.frequency(formats, pair) * granularity))
                        .toList(),
                granularity);
    }

    private static SitePlan plan(
            SiteStudy study, List<FormatPair> formats, MixedRecipe recipe, Probe.Loss probed, double predicted) {
        int[] units = pairs(formats).stream()
                .flatMapToInt(pair -> IntStream.range(0, formats.size())
                        .filter(unit -> formats.get(unit).equals(pair)))
                .toArray();
        InputQuantization input = new InputQuantization(
                split(formats, recipe.granularity()),
                study.order().moved(units, recipe.granularity()),
                recipe.rule(),
                recipe.transform());
        return new SitePlan(study.site(), input, study.stored(), study.fingerprint(), probed, predicted);
    }

    /** The weights of its layers, one below the other, in the order of the input; made anew. */
    float[] weight() {
        return order().of(Side.WEIGHT, stored.get());
    }

    Refinement.Site found() {
        return new Refinement.Site(site, input, probed.activations(), probed.weights(), predicted);
    }

    PackedOrder order() {
        return new PackedOrder(input.order(), input.transform());
    }

    /** Tokens of the input, in order, as they come out of the quantizer. */
    float[] quantized(float[] packed) {
        int channels = site.channels();
        IntStream.range(0, packed.length / channels).parallel().forEach(row -> {
            int at = row * channels;
            for (Partition part : input.split().partitions()) {
                for (int group = 0; group < part.channels() / GroupLayout.GROUP; group++) {
                    var format = part.formats().activation();
                    GroupRounding.round(packed, at, format, GroupRounding.scale(packed, at, format, input.rule()));
                    at += GroupLayout.GROUP;
                }
            }
        });
        return packed;
    }
}
