package org.mxforge.runtime.tune.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * The course of a search as a chart, whose look {@code chart.json} holds: the time of each candidate in the order they were tried, with the
 * spread of its samples; the best so far; what the cost model expected; the floor. Candidates that failed stand on a line of their own.
 */
final class SearchChart {
    private final SearchReport report;
    private final List<WisdomRecord> trials;
    private final ChartLook look = new ChartLook("chart.json");

    private SearchChart(SearchReport report) {
        this.report = report;
        this.trials = report.trials();
    }

    /** The chart of {@code report}, which has a trial at least, as options of the chart library. */
    static ObjectNode options(SearchReport report) {
        SearchChart chart = new SearchChart(report);
        chart.floor();
        chart.bestSoFar();
        for (int i = 0; i < chart.trials.size(); i++) {
            chart.candidate(i + 1, chart.trials.get(i));
        }
        return chart.options();
    }

    private ObjectNode options() {
        look.options().withArray("xAxis").forEach(axis -> ((ObjectNode) axis).put("max", trials.size() + 1));
        look.options().withObject("/yAxis/0").put("show", look.has("failed"));
        return look.drawn();
    }

    private void floor() {
        report.nearFloor().ifPresent(floor -> {
            String label = "floor " + plain(floor) + " ms";
            look.point("floor", 0, floor, label);
            look.point("floor", trials.size() + 1, floor, label);
        });
    }

    private void bestSoFar() {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < trials.size(); i++) {
            double millis = SearchReport.millis(trials.get(i)).orElse(Double.POSITIVE_INFINITY);
            if (millis < best) {
                best = millis;
                look.point("best", i + 1, best, "");
            }
        }
        if (best < Double.POSITIVE_INFINITY) {
            look.point("best", trials.size() + 1, best, "");
        }
    }

    private void candidate(int place, WisdomRecord trial) {
        String name = place + ". " + ReportPage.text(trial.variant()) + ": ";
        Optional.ofNullable(report.estimates().get(trial.variant()))
                .ifPresent(
                        estimate -> look.point("estimate", place, estimate, name + plain(estimate) + " ms expected"));
        trial.outcome()
                .timing()
                .ifPresentOrElse(
                        timing -> timed(place, trial, timing, name + plain(timing.median()) + " ms"),
                        () -> failed(
                                place,
                                name + trial.outcome().status().text() + ": "
                                        + trial.outcome().detail()));
    }

    private void timed(int place, WisdomRecord trial, Timing timing, String label) {
        boolean chosen = trial.variant().equals(report.choice().variant());
        look.point(chosen ? "chosen" : timing.samples() == 1 ? "looked" : "timed", place, timing.median(), label);
        look.point("spread", place, timing.p20(), "");
        look.point("spread", place, timing.p80(), "");
        look.gap("spread");
    }

    private void failed(int place, String label) {
        look.data("failed")
                .addObject()
                .put("name", label)
                .putArray("value")
                .add(place)
                .add("failed");
    }

    /** Three significant digits without an exponent. */
    static String plain(double value) {
        int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(value)));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
