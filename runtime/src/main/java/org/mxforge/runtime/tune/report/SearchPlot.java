package org.mxforge.runtime.tune.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * The course of a search as SVG: the time of each candidate in the order they were tried, with the spread of its samples; the best so
 * far; what the cost model expected; the floor. Candidates that failed stand on a line of their own at the top.
 */
final class SearchPlot {
    private static final double WIDTH = 960;
    private static final double HEIGHT = 372;
    private static final double LEFT = 76;
    private static final double RIGHT = 16;
    private static final double FAILED = 18;
    private static final double TOP = 56;
    private static final double BOTTOM = HEIGHT - 44;
    private static final double MOST_SPACING = 64;
    private static final int MOST_LABELS = 20;

    private final SearchReport report;
    private final List<WisdomRecord> trials;
    private final LogAxis axis;
    private final Markup svg = new Markup();

    private SearchPlot(SearchReport report) {
        this.report = report;
        this.trials = report.trials();
        this.axis = LogAxis.around(values(report), BOTTOM, TOP);
    }

    /** The plot of {@code report}, which has a trial at least. */
    static String of(SearchReport report) {
        return new SearchPlot(report).draw();
    }

    private static List<Double> values(SearchReport report) {
        List<Double> values = new ArrayList<>();
        report.trials().forEach(trial -> {
            trial.outcome().timing().ifPresent(timing -> values.addAll(List.of(timing.p20(), timing.p80())));
            Optional.ofNullable(report.estimates().get(trial.configuration())).ifPresent(values::add);
        });
        report.floor().ifPresent(values::add);
        return values;
    }

    private String draw() {
        svg.open("svg", "viewBox", "0 0 " + (int) WIDTH + " " + (int) HEIGHT, "role", "img", "class", "plot");
        svg.element("title", "time of each candidate in the order they were tried");
        grid();
        floor();
        bestSoFar();
        for (int i = 0; i < trials.size(); i++) {
            candidate(i);
        }
        svg.close("svg");
        return svg.toString();
    }

    private double x(int place) {
        double spacing = Math.min(MOST_SPACING, (WIDTH - LEFT - RIGHT) / trials.size());
        return LEFT + spacing * (place + 0.5);
    }

    private void grid() {
        for (double tick : axis.ticks()) {
            line("grid", LEFT, axis.y(tick), WIDTH - RIGHT, axis.y(tick));
            label(plain(tick), LEFT - 8, axis.y(tick) + 4, "end");
        }
        line("axis", LEFT, TOP, LEFT, BOTTOM);
        line("axis", LEFT, BOTTOM, WIDTH - RIGHT, BOTTOM);
        int step = (trials.size() + MOST_LABELS - 1) / MOST_LABELS;
        for (int i = 0; i < trials.size(); i += step) {
            label(String.valueOf(i + 1), x(i), BOTTOM + 17, "middle");
        }
        label("candidates in the order they were tried", (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "middle");
        label("ms", LEFT - 8, TOP - 6, "end");
        if (trials.stream().anyMatch(trial -> SearchReport.millis(trial).isEmpty())) {
            label("failed", LEFT - 8, FAILED + 4, "end");
        }
    }

    private void floor() {
        report.floor().ifPresent(floor -> {
            line("floor", LEFT, axis.y(floor), WIDTH - RIGHT, axis.y(floor));
            svg.element(
                    "text",
                    "floor " + plain(floor) + " ms",
                    "x",
                    WIDTH - RIGHT,
                    "y",
                    axis.y(floor) - 6,
                    "text-anchor",
                    "end",
                    "class",
                    "floor-label");
        });
    }

    private void bestSoFar() {
        StringBuilder path = new StringBuilder();
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < trials.size(); i++) {
            double millis = SearchReport.millis(trials.get(i)).orElse(Double.POSITIVE_INFINITY);
            if (millis < best) {
                boolean first = path.length() == 0;
                path.append(first ? "M" : "H").append(number(x(i)));
                path.append(first ? "," : "V").append(number(axis.y(millis)));
                best = millis;
            }
        }
        if (path.length() > 0) {
            path.append("H").append(number(WIDTH - RIGHT));
            svg.open("path", "d", path, "class", "best").close("path");
        }
    }

    private void candidate(int place) {
        WisdomRecord trial = trials.get(place);
        double x = x(place);
        Optional.ofNullable(report.estimates().get(trial.configuration())).ifPresent(estimate -> {
            line("estimate", x - 6, axis.y(estimate), x + 6, axis.y(estimate));
        });
        svg.open("g");
        svg.element("title", tooltip(place, trial));
        trial.outcome().timing().ifPresentOrElse(timing -> timed(trial, timing, x), () -> failed(x));
        svg.close("g");
    }

    private void timed(WisdomRecord trial, Timing timing, double x) {
        line("spread", x, axis.y(timing.p20()), x, axis.y(timing.p80()));
        boolean chosen = trial.configuration().equals(report.choice().configuration());
        String kind = chosen ? "chosen" : timing.samples() == 1 ? "looked" : "timed";
        svg.open("circle", "cx", x, "cy", axis.y(timing.median()), "r", chosen ? 6.0 : 4.0, "class", kind)
                .close("circle");
    }

    private void failed(double x) {
        line("failed", x - 4, FAILED - 4, x + 4, FAILED + 4);
        line("failed", x - 4, FAILED + 4, x + 4, FAILED - 4);
    }

    private static String tooltip(int place, WisdomRecord trial) {
        String what = SearchReport.millis(trial)
                .map(millis -> plain(millis) + " ms")
                .orElse(trial.outcome().status().text() + ": " + trial.outcome().detail());
        return (place + 1) + ". " + trial.configuration().text() + ": " + what;
    }

    private void line(String kind, double x1, double y1, double x2, double y2) {
        svg.open("line", "x1", x1, "y1", y1, "x2", x2, "y2", y2, "class", kind).close("line");
    }

    private void label(String text, double x, double y, String anchor) {
        svg.element("text", text, "x", x, "y", y, "text-anchor", anchor);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** Three significant digits without an exponent. */
    static String plain(double value) {
        int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(value)));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
