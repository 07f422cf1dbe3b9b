package org.mxforge.runtime.quant;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.mxforge.runtime.calibration.CalibrationReport;
import org.mxforge.runtime.calibration.SiteCalibration;
import org.mxforge.runtime.calibration.SiteStatistics;
import org.mxforge.runtime.model.LinearSite;

/** Calibrations on random activations, whose channels differ enough that all three parts are used. */
public final class Calibrations {
    private static final int ROWS = 40;

    private Calibrations() {}

    public static CalibrationReport random(List<LinearSite> sites, Partitioning partitioning) {
        Random random = new Random(11);
        Map<String, SiteCalibration> results = new LinkedHashMap<>();
        for (LinearSite site : sites) {
            SiteStatistics statistics = new SiteStatistics(site.name(), site.channels(), partitioning);
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
