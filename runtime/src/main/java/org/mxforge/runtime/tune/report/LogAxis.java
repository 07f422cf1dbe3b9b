package org.mxforge.runtime.tune.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A vertical axis of logarithms.
 *
 * @param low smallest value shown, more than 0
 * @param high largest value shown, more than {@code low}
 * @param bottom y of {@code low}
 * @param top y of {@code high}
 */
record LogAxis(double low, double high, double bottom, double top) {
    private static final double[] STEPS = {1, 2, 5};
    private static final double MARGIN = 1.15;
    private static final int FEW = 3;

    /** An axis on which all of {@code values} have room. */
    static LogAxis around(List<Double> values, double bottom, double top) {
        double low = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
        double high = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
        return new LogAxis(low / MARGIN, high * MARGIN, bottom, top);
    }

    double y(double value) {
        return bottom + (top - bottom) * Math.log(value / low) / Math.log(high / low);
    }

    /** Round values from bottom to top: 1, 2 and 5 of each decade, or finer ones where that leaves too few. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        for (double decade = Math.pow(10, Math.floor(Math.log10(low))); decade <= high; decade *= 10) {
            for (double step : STEPS) {
                add(step * decade, ticks);
            }
        }
        return ticks.size() >= FEW ? ticks : fine();
    }

    private List<Double> fine() {
        List<Double> ticks = new ArrayList<>();
        double step = Math.pow(10, Math.floor(Math.log10(high - low)));
        double spacing = (high - low) / step < FEW ? step / 2 : step;
        for (long i = (long) Math.ceil(low / spacing); i * spacing <= high; i++) {
            add(i * spacing, ticks);
        }
        return ticks;
    }

    private void add(double value, List<Double> ticks) {
        if (value >= low && value <= high) {
            ticks.add(value);
        }
    }
}
