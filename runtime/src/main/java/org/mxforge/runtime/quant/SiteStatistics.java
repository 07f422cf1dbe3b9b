package org.mxforge.runtime.quant;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;

/** What calibration measures at one site; samples are added row by row and closed one at a time. */
public final class SiteStatistics {
    private static final double FP4_THRESHOLD = 448.0 / 6 / (1 << 10);
    private static final double FP6_THRESHOLD = 448.0 / 28 / (1 << 6);

    private final String site;
    private final Partitioning partitioning;
    private final double t4;
    private final double t6;
    private final double[] sampleSum;
    private final double[] largestMean;
    private long sampleRows;
    private final WidthCounts widths;
    private final InputObserver observer;
    private long rows;
    private float absMax;

    /**
     * @param widths where its elements are counted, which decides how it is cut; sites that are to be cut alike share it
     */
    private SiteStatistics(LinearSite site, Partitioning partitioning, InputStatistics.Kind kind, WidthCounts widths) {
        partitioning.check(site.name(), site.channels());
        int channels = site.channels();
        this.site = site.name();
        this.partitioning = partitioning;
        this.widths = widths;
        this.observer = InputObserver.of(kind, channels);
        this.t4 = FP4_THRESHOLD * partitioning.sizes().lambda();
        this.t6 = FP6_THRESHOLD * partitioning.sizes().lambda();
        this.sampleSum = new double[channels];
        this.largestMean = new double[channels];
    }

    /**
     * For each site by its name, in their order, a place to measure it.
     *
     * @param partitioning what channels are ordered by and how they are cut
     * @param kind what is gathered besides, for the algorithm that quantizes the weights
     * @throws MxForgeException naming the site that cannot be cut so
     */
    public static Map<String, SiteStatistics> of(
            List<LinearSite> sites, Partitioning partitioning, InputStatistics.Kind kind) {
        Map<String, WidthCounts> widths = new HashMap<>();
        Map<String, SiteStatistics> all = new LinkedHashMap<>();
        for (LinearSite site : sites) {
            WidthCounts shared = widths.computeIfAbsent(site.sizing(), sizing -> new WidthCounts());
            all.put(site.name(), new SiteStatistics(site, partitioning, kind, shared));
        }
        return all;
    }

    private int channels() {
        return sampleSum.length;
    }

    /**
     * Adds rows of the current sample.
     *
     * @param values [rows][channels], row-major
     * @throws MxForgeException naming the site at a NaN or an infinity
     */
    public void add(float[] values, int rows) {
        for (int row = 0; row < rows; row++) {
            int start = row * channels();
            float max = 0;
            for (int c = 0; c < channels(); c++) {
                float size = Math.abs(values[start + c]);
                sampleSum[c] += partitioning.metric() == SortMetric.MEAN ? size : (double) size * size;
                max = Math.max(max, size);
            }
            if (!(max <= Float.MAX_VALUE)) {
                throw new MxForgeException("the input of " + site + " holds a NaN or an infinity during calibration:"
                        + " check the checkpoint's weights");
            }
            absMax = Math.max(absMax, max);
            count(values, start, max);
        }
        observer.add(values, rows);
        this.rows += rows;
        sampleRows += rows;
    }

    private void count(float[] values, int start, float max) {
        long fp4 = 0;
        long fp6 = 0;
        for (int c = start; c < start + channels(); c++) {
            float size = Math.abs(values[c]);
            if (size < max * t4 || max == 0) {
                fp4++;
            } else if (size < max * t6) {
                fp6++;
            }
        }
        widths.add(fp4, fp6, channels() - fp4 - fp6);
    }

    /** Ends the current sample: its means count towards each channel's largest. */
    public void endSample() {
        if (sampleRows > 0) {
            for (int c = 0; c < channels(); c++) {
                largestMean[c] = Math.max(largestMean[c], sampleSum[c] / sampleRows);
            }
            Arrays.fill(sampleSum, 0);
            sampleRows = 0;
        }
    }

    /**
     * The site's result over the samples ended so far.
     *
     * @throws MxForgeException naming the site if its channels cannot be cut as wanted
     */
    public SiteCalibration result() {
        PartShares shares = widths.shares();
        PartCounts counts = partitioning.counts(site, channels(), shares);
        return new SiteCalibration(site, rows, absMax, shares, counts, order(), observer.statistics());
    }

    /** Channels by ascending size, equal ones in their own order. */
    private int[] order() {
        return IntStream.range(0, channels())
                .boxed()
                .sorted(Comparator.comparingDouble(channel -> largestMean[channel]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
