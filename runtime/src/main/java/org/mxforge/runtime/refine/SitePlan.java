package org.mxforge.runtime.refine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.spec.Side;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.MixedRecipe;
import org.mxforge.runtime.quant.Refinement;

/**
 * What a site becomes.
 *
 * @param input order and formats
 * @param weight of its layers, one below the other, in that order
 * @param probed what it costs in E2M1
 * @param predicted what it will cost so
 */
record SitePlan(LinearSite site, InputQuantization input, float[] weight, Probe.Loss probed, double predicted) {
    /** GPTQ makes good a part of what rounding weights costs. */
    private static final double REGAINED = 0.85;

    /** Plans for all sites, formats chosen for all together. */
    static Map<String, SitePlan> of(
            Map<String, SiteStudy> studies, Map<String, Probe.Loss> losses, MixedRecipe recipe) {
        int groups = recipe.granularity() / GroupLayout.GROUP;
        Map<String, List<SiteStudy>> bySizing = new LinkedHashMap<>();
        studies.values().forEach(study -> bySizing.computeIfAbsent(study.site().sizing(), name -> new ArrayList<>())
                .add(study));
        Map<String, List<Allocation.Unit>> units = new LinkedHashMap<>();
        studies.forEach((site, study) -> units.put(site, units(study, losses.get(site), groups)));
        List<List<Allocation.Unit>> layers = new ArrayList<>();
        bySizing.values().forEach(alike -> layers.add(together(alike, units)));
        long weights = studies.values().stream()
                .mapToLong(study -> study.weight().length)
                .sum();
        Allocation.Result result = Allocation.of(layers, recipe.budget().bits(weights));
        Map<String, SitePlan> plans = new LinkedHashMap<>();
        int layer = 0;
        for (List<SiteStudy> alike : bySizing.values()) {
            List<FormatPair> formats = result.formats().get(layer++);
            for (SiteStudy study : alike) {
                String site = study.site().name();
                double predicted = IntStream.range(0, formats.size())
                        .mapToDouble(unit -> units.get(site).get(unit).loss(formats.get(unit)))
                        .sum();
                plans.put(site, plan(study, formats, recipe, losses.get(site), predicted));
            }
        }
        return plans;
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
        double size = (double) study.weight().length / study.site().channels() * GroupLayout.GROUP * groups;
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

    /** Units of one pair of formats behind each other, narrow ones first. */
    private static SitePlan plan(
            SiteStudy study, List<FormatPair> formats, MixedRecipe recipe, Probe.Loss probed, double predicted) {
        List<FormatPair> pairs = formats.stream()
                .distinct()
                .sorted(Comparator.<FormatPair>comparingInt(
                                pair -> pair.activation().bits())
                        .thenComparingInt(pair -> pair.weight().bits()))
                .toList();
        List<Partition> partitions = new ArrayList<>();
        IntStream.Builder moved = IntStream.builder();
        for (FormatPair pair : pairs) {
            int[] units = IntStream.range(0, formats.size())
                    .filter(unit -> formats.get(unit).equals(pair))
                    .toArray();
            IntStream.of(units).forEach(moved);
            partitions.add(new Partition(pair, units.length * recipe.granularity()));
        }
        int[] units = moved.build().toArray();
        PackedOrder as =
                new PackedOrder(IntStream.range(0, study.site().channels()).toArray(), GroupTransform.NONE);
        InputQuantization input = new InputQuantization(
                new ChannelSplit(partitions, recipe.granularity()),
                study.order().moved(units, recipe.granularity()),
                recipe.rule(),
                recipe.transform());
        float[] weight = new PackedOrder(as.moved(units, recipe.granularity()), GroupTransform.NONE)
                .of(Side.WEIGHT, study.weight());
        return new SitePlan(study.site(), input, weight, probed, predicted);
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
