package org.mxforge.runtime.quant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Calibrations on random activations, whose channels differ enough that all three parts are used. */
public final class Calibrations {
    private static final int ROWS = 40;

    private Calibrations() {}

    /** How many activation elements were counted at a site and those that are cut as it is. */
    public static long elements(SiteCalibration site) {
        return site.shares().elements();
    }

    public static CalibrationReport random(List<LinearSite> sites, Partitioning partitioning) {
        Random random = new Random(11);
        Map<String, SiteCalibration> results = new LinkedHashMap<>();
        Map<String, SiteStatistics> measured = SiteStatistics.of(sites, partitioning, InputStatistics.Kind.NONE);
        for (LinearSite site : sites) {
            SiteStatistics statistics = measured.get(site.name());
            double[] sizes = random.doubles(site.channels())
                    .map(x -> Math.exp(6 * x * x))
                    .toArray();
            float[] values = new float[ROWS * site.channels()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (random.nextGaussian() * sizes[i % site.channels()]);
            }
            statistics.add(values, ROWS);
            statistics.endSample();
            results.put(site.name(), statistics.result());
        }
        return new CalibrationReport(partitioning, 1, ROWS, results);
    }
}
