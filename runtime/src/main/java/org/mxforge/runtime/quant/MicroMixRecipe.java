package org.mxforge.runtime.quant;

import java.util.ArrayList;
import java.util.List;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;

/**
 * MicroMix (arXiv 2508.02343): channels ordered by size and cut into an FP4, an FP6 and an FP8 part. Its settings, with
 * defaults:
 *
 * <ul>
 *   <li>{@code fp6=e3m2} or {@code e2m3}; {@code fp8=e4m3} or {@code e5m2};
 *   <li>{@code weights=matched} or {@code fp4}, see {@link WeightFormats};
 *   <li>{@code metric=mean} or {@code hessian}, see {@link SortMetric};
 *   <li>{@code lambda=1.0}, a factor on the thresholds, or counts by hand: {@code p6=128;p8=128}, and {@code p4} for what it
 *       must be;
 *   <li>{@code granularity=128}, or 64 or 32;
 *   <li>{@code rule=ceil}, or {@code floor} or {@code even}.
 * </ul>
 *
 * @param fp6 format of the middle part
 * @param fp8 format of the part with the largest channels
 * @param weights formats of the weights
 * @param partitioning how channels are ordered and cut
 * @param rule how scales are chosen, on both sides
 */
public record MicroMixRecipe(
        ElementFormat fp6, ElementFormat fp8, WeightFormats weights, Partitioning partitioning, ScaleRule rule)
        implements Recipe {
    static final String NAME = "micromix";

    /** Everything at its default. */
    public static final MicroMixRecipe DEFAULT = new MicroMixRecipe(
            ElementFormat.E3M2, ElementFormat.E4M3, WeightFormats.MATCHED, Partitioning.DEFAULT, ScaleRule.CEIL);

    public MicroMixRecipe {
        if (fp6.bits() != 6 || fp8.bits() != 8) {
            throw new IllegalArgumentException("MicroMix needs fp6 to be e3m2 or e2m3 and fp8 to be e4m3 or e5m2, not "
                    + fp6.text() + " and " + fp8.text());
        }
        if (weights == null || partitioning == null || rule == null) {
            throw new IllegalArgumentException("MicroMix needs weight formats, a partitioning and a scale rule");
        }
    }

    /** The split that {@code counts} channels in this recipe's formats make; empty parts are left out. */
    public ChannelSplit split(PartCounts counts) {
        List<Partition> partitions = new ArrayList<>();
        add(partitions, ElementFormat.E2M1, counts.p4());
        add(partitions, fp6, counts.p6());
        add(partitions, fp8, counts.p8());
        return new ChannelSplit(partitions, partitioning.granularity());
    }

    private void add(List<Partition> partitions, ElementFormat activation, int channels) {
        if (channels > 0) {
            partitions.add(new Partition(new FormatPair(activation, weights.beside(activation)), channels));
        }
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(NAME);
        append(text, fp6 != DEFAULT.fp6, "fp6=" + fp6.text());
        append(text, fp8 != DEFAULT.fp8, "fp8=" + fp8.text());
        append(text, weights != DEFAULT.weights, "weights=" + weights.text());
        Partitioning usual = Partitioning.DEFAULT;
        append(
                text,
                partitioning.metric() != usual.metric(),
                "metric=" + partitioning.metric().text());
        append(
                text,
                !partitioning.sizes().equals(usual.sizes()),
                partitioning.sizes().text());
        append(text, partitioning.granularity() != usual.granularity(), "granularity=" + partitioning.granularity());
        append(text, rule != DEFAULT.rule, "rule=" + rule.text());
        return text.toString();
    }

    private static void append(StringBuilder text, boolean differs, String setting) {
        if (differs) {
            text.append(';').append(setting);
        }
    }

    /** Reads the settings after the name; an {@link IllegalArgumentException} says what is wrong with them. */
    static MicroMixRecipe read(String text) {
        RecipeSettings settings = RecipeSettings.read(text);
        return settings.end(new MicroMixRecipe(
                settings.take("fp6", ElementFormat::parse, DEFAULT.fp6),
                settings.take("fp8", ElementFormat::parse, DEFAULT.fp8),
                settings.take("weights", WeightFormats::parse, DEFAULT.weights),
                settings.partitioning(),
                settings.take("rule", ScaleRule::parse, DEFAULT.rule)));
    }
}
