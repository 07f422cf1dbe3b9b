package org.mxforge.runtime.refine;

import java.util.ArrayList;
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

/**
 * What a site becomes.
 *
 * @param input order and formats
 * @param weight of its layers, one below the other, in that order
 */
record SitePlan(LinearSite site, InputQuantization input, float[] weight) {
    /** GPTQ makes good a part of what rounding weights costs. */
    private static final double REGAINED = 0.85;

    /** Plans for all sites, formats chosen for all together. */
    static Map<String, SitePlan> of(
            Map<String, SiteStudy> studies, Map<String, Probe.Loss> losses, MixedRecipe recipe) {
        int groups = recipe.granularity() / GroupLayout.GROUP;
        Map<String, List<SiteStudy>> bySizing = new LinkedHashMap<>();
        studies.values().forEach(study -> bySizing.computeIfAbsent(study.site().sizing(), name -> new ArrayList<>())
                .add(study));
        List<List<Allocation.Unit>> layers = new ArrayList<>();
        bySizing.values().forEach(alike -> layers.add(units(alike, losses, groups)));
        Allocation.Result result = Allocation.of(layers, recipe.budget());
        Map<String, SitePlan> plans = new LinkedHashMap<>();
        int layer = 0;
        for (List<SiteStudy> alike : bySizing.values()) {
            List<FormatPair> formats = result.formats().get(layer++);
            alike.forEach(study -> plans.put(study.site().name(), plan(study, formats, recipe)));
        }
        return plans;
    }

    /** The units of sites that are cut alike: the same groups of all of them. */
    private static List<Allocation.Unit> units(List<SiteStudy> alike, Map<String, Probe.Loss> losses, int groups) {
        int count = alike.get(0).site().channels() / GroupLayout.GROUP / groups;
        int formats = Allocation.FORMATS.size();
        double[] sizes = new double[count];
        double[][] activations = new double[count][formats];
        double[][] weights = new double[count][formats];
        for (SiteStudy study : alike) {
            Probe.Loss loss = losses.get(study.site().name());
            double[][] inputs = scaled(study.inputCosts(), loss.activations());
            double[][] rounded = scaled(study.weightCosts(), REGAINED * loss.weights());
            int outputs = study.weight().length / study.site().channels();
            for (int group = 0; group < count * groups; group++) {
                sizes[group / groups] += (double) outputs * GroupLayout.GROUP;
                for (int f = 0; f < formats; f++) {
                    activations[group / groups][f] += inputs[f][group];
                    weights[group / groups][f] += rounded[f][group];
                }
            }
        }
        return IntStream.range(0, count)
                .mapToObj(unit -> new Allocation.Unit(sizes[unit], activations[unit], weights[unit]))
                .toList();
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
    private static SitePlan plan(SiteStudy study, List<FormatPair> formats, MixedRecipe recipe) {
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
        return new SitePlan(study.site(), input, weight);
    }

    /** How the input of each site is quantized. */
    static Map<String, InputQuantization> inputs(Map<String, SitePlan> plans) {
        Map<String, InputQuantization> inputs = new LinkedHashMap<>();
        plans.forEach((site, plan) -> inputs.put(site, plan.input()));
        return inputs;
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
