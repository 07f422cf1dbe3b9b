package org.mxforge.runtime.tune.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/**
 * The config space of one shape as it was tried, a map for each algorithm: across is the parameter that was tried in the most values, down
 * is all the others, and each cell is one variant with its time as a multiple of the fastest one's.
 */
final class HeatMaps {
    /** Where the colours change. */
    private static final double[] STEPS = {1.02, 1.05, 1.1, 1.2, 1.5, 2};

    private HeatMaps() {}

    /** One algorithm's. */
    record HeatMap(String algorithm, String parameter, List<String> columns, List<HeatRow> rows)
            implements OutputModel {}

    /** The variants that differ in the parameter across alone. */
    record HeatRow(String label, List<HeatCell> cells) implements OutputModel {}

    /** One variant; without text where it was not tried. */
    record HeatCell(String text, String heat, String hint) implements OutputModel {}

    /** Those of {@code report}; none where at most one variant was tried. */
    static List<HeatMap> of(SearchReport report) {
        Optional<Double> fastest = report.trials().stream()
                .flatMap(trial -> SearchReport.millis(trial).stream())
                .min(Double::compare);
        if (report.trials().size() < 2 || fastest.isEmpty()) {
            return List.of();
        }
        Map<String, List<WisdomRecord>> algorithms = report.trials().stream()
                .collect(Collectors.groupingBy(
                        trial -> trial.variant().algorithm().name(), LinkedHashMap::new, Collectors.toList()));
        return algorithms.values().stream()
                .map(trials -> map(trials, fastest.get(), report.choice().variant()))
                .toList();
    }

    private static HeatMap map(List<WisdomRecord> trials, double fastest, KernelVariant chosen) {
        Map<String, SortedSet<Integer>> values = new TreeMap<>();
        trials.forEach(
                trial -> trial.variant().configuration().values().forEach((name, value) -> values.computeIfAbsent(
                                name, unused -> new TreeSet<>())
                        .add(value)));
        String across = "";
        for (String name : values.keySet()) {
            if (across.isEmpty() || values.get(name).size() > values.get(across).size()) {
                across = name;
            }
        }
        SortedSet<Integer> columns = values.getOrDefault(across, new TreeSet<>(List.of(0)));
        Map<String, Map<Integer, WisdomRecord>> rows = new LinkedHashMap<>();
        for (WisdomRecord trial : trials) {
            Configuration configuration = trial.variant().configuration();
            rows.computeIfAbsent(without(configuration, across), unused -> new TreeMap<>())
                    .put(configuration.values().getOrDefault(across, 0), trial);
        }
        List<HeatRow> lines = new ArrayList<>();
        rows.forEach((label, row) -> lines.add(new HeatRow(
                label,
                columns.stream()
                        .map(column -> cell(Optional.ofNullable(row.get(column)), fastest, chosen))
                        .toList())));
        return new HeatMap(
                trials.get(0).variant().algorithm().name(),
                across,
                columns.stream().map(String::valueOf).toList(),
                lines);
    }

    private static String without(Configuration configuration, String name) {
        return configuration.values().entrySet().stream()
                .filter(entry -> !entry.getKey().equals(name))
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static HeatCell cell(Optional<WisdomRecord> tried, double fastest, KernelVariant chosen) {
        if (tried.isEmpty()) {
            return new HeatCell("", "", "not tried");
        }
        WisdomRecord trial = tried.get();
        String variant = ReportPage.text(trial.variant());
        Optional<Double> millis = SearchReport.millis(trial);
        if (millis.isEmpty()) {
            return new HeatCell(
                    "failed",
                    "failed",
                    variant + ": " + trial.outcome().status().text());
        }
        double ratio = millis.get() / fastest;
        return new HeatCell(
                String.format(Locale.ROOT, ratio < 10 ? "%.2f" : "%.0f", ratio),
                "heat" + heat(ratio) + (trial.variant().equals(chosen) ? " chosen" : ""),
                variant + ": " + SearchChart.plain(millis.get()) + " ms");
    }

    /** How many of the steps a ratio is beyond. */
    private static int heat(double ratio) {
        int heat = 0;
        while (heat < STEPS.length && ratio > STEPS[heat]) {
            heat++;
        }
        return heat;
    }
}
