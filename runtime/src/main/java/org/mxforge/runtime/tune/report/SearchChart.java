package org.mxforge.runtime.tune.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private final Map<String, ArrayNode> series = new HashMap<>();

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
        ObjectNode options = look();
        ArrayNode drawn = JsonNodeFactory.instance.arrayNode();
        for (JsonNode style : options.withArray("series")) {
            ArrayNode data = series.get(style.get("id").textValue());
            if (data != null) {
                drawn.add(((ObjectNode) style).set("data", data));
            }
        }
        options.set("series", drawn);
        options.withArray("xAxis").forEach(axis -> ((ObjectNode) axis).put("max", trials.size() + 1));
        options.withObject("/yAxis/0").put("show", series.containsKey("failed"));
        return options;
    }

    private static ObjectNode look() {
        try {
            return (ObjectNode) new ObjectMapper().readTree(PageFiles.text("chart.json"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void floor() {
        report.floor().ifPresent(floor -> {
            String label = "floor " + plain(floor) + " ms";
            point("floor", 0, floor, label);
            point("floor", trials.size() + 1, floor, label);
        });
    }

    private void bestSoFar() {
        double best = Double.POSITIVE_INFINITY;
        for (int i = 0; i < trials.size(); i++) {
            double millis = SearchReport.millis(trials.get(i)).orElse(Double.POSITIVE_INFINITY);
            if (millis < best) {
                best = millis;
                point("best", i + 1, best, "");
            }
        }
        if (best < Double.POSITIVE_INFINITY) {
            point("best", trials.size() + 1, best, "");
        }
    }

    private void candidate(int place, WisdomRecord trial) {
        String name = place + ". " + ReportPage.text(trial.variant()) + ": ";
        Optional.ofNullable(report.estimates().get(trial.variant()))
                .ifPresent(estimate -> point("estimate", place, estimate, name + plain(estimate) + " ms expected"));
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
        point(chosen ? "chosen" : timing.samples() == 1 ? "looked" : "timed", place, timing.median(), label);
        point("spread", place, timing.p20(), "");
        point("spread", place, timing.p80(), "");
        // A line is interrupted where there is no point.
        data("spread").addNull();
    }

    private void failed(int place, String label) {
        data("failed")
                .addObject()
                .put("name", label)
                .putArray("value")
                .add(place)
                .add("failed");
    }

    private void point(String id, int x, double millis, String label) {
        ObjectNode point = data(id).addObject();
        point.putArray("value").add(x).add(millis);
        if (!label.isEmpty()) {
            point.put("name", label);
        }
    }

    private ArrayNode data(String id) {
        return series.computeIfAbsent(id, unused -> JsonNodeFactory.instance.arrayNode());
    }

    /** Three significant digits without an exponent. */
    static String plain(double value) {
        int digits = (int) Math.max(0, 2 - Math.floor(Math.log10(value)));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
