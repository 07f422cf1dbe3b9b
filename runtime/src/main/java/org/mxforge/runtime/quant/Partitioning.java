package org.mxforge.runtime.quant;

import org.mxforge.runtime.base.MxForgeException;

/**
 * The part of a MicroMix recipe that calibration carries out: how channels are ordered and cut. Recipes that differ only in
 * formats or scale rule share one calibration.
 *
 * @param metric what channels are ordered by
 * @param sizes how large the parts are
 * @param granularity every part is a multiple of it: 32, 64 or 128
 */
public record Partitioning(SortMetric metric, PartSizes sizes, int granularity) {
    /** MicroMix's own: mean |x|, its thresholds as they are, multiples of 128. */
    public static final Partitioning DEFAULT = new Partitioning(SortMetric.MEAN, new PartSizes.ByThreshold(1), 128);

    public Partitioning {
        if (metric == null || sizes == null) {
            throw new IllegalArgumentException("a partitioning needs a metric and part sizes");
        }
        if (granularity != 32 && granularity != 64 && granularity != 128) {
            throw new IllegalArgumentException("granularity " + granularity + " is not 32, 64 or 128");
        }
    }

    /**
     * By MicroMix's thresholds.
     *
     * @param metric {@code mean} or {@code hessian}
     * @param lambda factor on the thresholds, above 0: larger means more FP4
     * @param granularity 32, 64 or 128
     * @throws IllegalArgumentException saying which of them is wrong
     */
    public static Partitioning byThreshold(String metric, double lambda, int granularity) {
        return new Partitioning(SortMetric.parse(metric), new PartSizes.ByThreshold(lambda), granularity);
    }

    /**
     * Makes sure that a site can be cut so.
     *
     * @throws MxForgeException naming it and, where there is one, a granularity that would do
     */
    public void check(String site, int channels) {
        SiteWidth.check(site, channels, granularity);
    }

    /** Whether the sizes of the parts depend on what calibration measured. */
    public boolean isMeasured() {
        return sizes.areMeasured();
    }

    /**
     * The counts for a site.
     *
     * @param shares what calibration measured there; where it saw nothing, every channel keeps the widest format
     * @throws MxForgeException naming the site if its channels cannot be cut so
     */
    PartCounts counts(String site, int channels, PartShares shares) {
        check(site, channels);
        return shares.elements() == 0
                ? new PartCounts(0, 0, channels)
                : sizes.counts(site, channels, granularity, shares);
    }

    /** Canonical text, all settings named, such as {@code metric=mean;lambda=1.0;granularity=128}. */
    public String text() {
        return "metric=" + metric.text() + ";" + sizes.text() + ";granularity=" + granularity;
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static Partitioning parse(String text) {
        RecipeSettings settings = RecipeSettings.read(text);
        return settings.end(settings.partitioning());
    }
}
