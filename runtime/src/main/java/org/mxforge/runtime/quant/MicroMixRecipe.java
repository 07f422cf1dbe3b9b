package org.mxforge.runtime.quant;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.runtime.base.MxForgeException;

/**
 * MicroMix (arXiv 2508.02343): channels ordered by size and cut into an FP4, an FP6 and an FP8 part. Its settings, with
 * defaults:
 *
 * <ul>
 *   <li>{@code fp6=e3m2} or {@code e2m3}; {@code fp8=e4m3} or {@code e5m2};
 *   <li>{@code weights=matched} or {@code fp4}, see {@link WeightFormats};
 *   <li>{@code metric=mean} or {@code hessian}, see {@link SortMetric};
 *   <li>{@code lambda=1.0}, a factor on the thresholds, or counts by hand: {@code p6=128;p8=128}, and {@code p4} for what it
 *       must be; or percentages of FP4, FP6 and FP8: {@code shares=70:20:10};
 *   <li>{@code preset=main}, MicroMix's main branch, whose lambda is 1, or {@code paper}, whose lambda is 0.144;
 *   <li>{@code granularity=128}, or 64 or 32;
 *   <li>{@code rule=ceil}, or {@code clip}, {@code floor} or {@code even};
 *   <li>{@code hadamard=32}: each group goes through a Hadamard matrix.
 * </ul>
 *
 * @param fp6 format of the middle part
 * @param fp8 format of the part with the largest channels
 * @param weights formats of the weights
 * @param cut how channels are ordered and cut
 * @param rule how scales are chosen, on both sides
 * @param transform what groups go through first
 */
record MicroMixRecipe(
        ElementFormat fp6,
        ElementFormat fp8,
        WeightFormats weights,
        Partitioning cut,
        ScaleRule rule,
        GroupTransform transform)
        implements Recipe {
    static final String NAME = "micromix";
    static final String USAGE = NAME
            + " with settings fp6, fp8, weights, metric, lambda or shares or p4, p6, p8, granularity, rule and hadamard, such as"
            + " micromix;weights=fp4;granularity=32";

    /** Everything at its default. */
    static final MicroMixRecipe DEFAULT = new MicroMixRecipe(
            ElementFormat.E3M2,
            ElementFormat.E4M3,
            WeightFormats.MATCHED,
            Partitioning.DEFAULT,
            ScaleRule.CEIL,
            GroupTransform.NONE);

    public MicroMixRecipe {
        if (fp6.bits() != 6 || fp8.bits() != 8) {
            throw new IllegalArgumentException("MicroMix needs fp6 to be e3m2 or e2m3 and fp8 to be e4m3 or e5m2, not "
                    + fp6.text() + " and " + fp8.text());
        }
        if (weights == null || cut == null || rule == null || transform == null) {
            throw new IllegalArgumentException(
                    "MicroMix needs weight formats, a partitioning, a scale rule and a transform");
        }
    }

    /** The split that {@code counts} channels in this recipe's formats make; empty parts are left out. */
    ChannelSplit split(PartCounts counts) {
        List<Partition> partitions = new ArrayList<>();
        add(partitions, ElementFormat.E2M1, counts.p4());
        add(partitions, fp6, counts.p6());
        add(partitions, fp8, counts.p8());
        return new ChannelSplit(partitions, cut.granularity());
    }

    private void add(List<Partition> partitions, ElementFormat activation, int channels) {
        if (channels > 0) {
            partitions.add(new Partition(new FormatPair(activation, weights.beside(activation)), channels));
        }
    }

    @Override
    public Optional<Partitioning> partitioning() {
        return Optional.of(cut);
    }

    @Override
    public InputQuantization input(LinearSite site, Optional<CalibrationReport> calibration) {
        CalibrationReport report = calibration.orElseThrow(
                () -> new MxForgeException("the recipe " + text() + " needs a calibration: calibrate first"));
        if (!report.partitioning().equals(cut)) {
            throw new MxForgeException("the calibration was made with "
                    + report.partitioning().text() + " but the recipe asks for " + cut.text()
                    + ": calibrate again or change the recipe");
        }
        SiteCalibration found = report.site(site.name(), site.channels());
        return new InputQuantization(split(found.counts()), found.order(), rule, transform);
    }

    @Override
    public String text() {
        StringBuilder text = new StringBuilder(NAME);
        append(text, fp6 != DEFAULT.fp6, "fp6=" + fp6.text());
        append(text, fp8 != DEFAULT.fp8, "fp8=" + fp8.text());
        append(text, weights != DEFAULT.weights, "weights=" + weights.text());
        Partitioning usual = Partitioning.DEFAULT;
        append(text, cut.metric() != usual.metric(), "metric=" + cut.metric().text());
        append(text, !cut.sizes().equals(usual.sizes()), cut.sizes().text());
        append(text, cut.granularity() != usual.granularity(), "granularity=" + cut.granularity());
        append(text, rule != DEFAULT.rule, "rule=" + rule.text());
        return text.append(RecipeSettings.text(transform)).toString();
    }

    private static void append(StringBuilder text, boolean differs, String setting) {
        if (differs) {
            text.append(';').append(setting);
        }
    }

    /** Takes the settings after the name; an {@link IllegalArgumentException} says what is wrong with them. */
    static MicroMixRecipe read(RecipeSettings settings) {
        return new MicroMixRecipe(
                settings.take("fp6", ElementFormat::parse, DEFAULT.fp6),
                settings.take("fp8", ElementFormat::parse, DEFAULT.fp8),
                settings.take("weights", WeightFormats::parse, DEFAULT.weights),
                settings.partitioning(),
                settings.take("rule", ScaleRule::parse, DEFAULT.rule),
                settings.transform());
    }
}
