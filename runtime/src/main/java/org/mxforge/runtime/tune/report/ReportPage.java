package org.mxforge.runtime.tune.report;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.codegen.template.TemplateGroup;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** The page: all shapes together, then of each its facts, its chart, its map of configurations and the table of its candidates. */
public final class ReportPage {
    private ReportPage() {}

    private record Page(
            String device,
            List<String> about,
            String style,
            String library,
            String script,
            Overview overview,
            List<Section> sections)
            implements OutputModel {}

    /** What is shown of one shape; no chart where there are no candidates. */
    private record Section(
            String place,
            String anchor,
            String shape,
            String spec,
            List<Fact> facts,
            String chart,
            List<HeatMaps.HeatMap> maps,
            List<Candidate> candidates)
            implements OutputModel {}

    record Fact(String name, String value) implements OutputModel {}

    /** A row of the table; a candidate that failed has a detail and no times. */
    private record Candidate(
            String place,
            String variant,
            boolean chosen,
            String status,
            List<String> times,
            String detail,
            String expected)
            implements OutputModel {}

    /**
     * A page, complete in itself, about the search of every shape that a variant was chosen for.
     *
     * @param date when it was made
     */
    public static String of(Tuning tuning, Instant date) {
        List<SearchReport> searches = tuning.choices().entrySet().stream()
                .map(entry -> SearchReport.of(tuning, entry.getKey(), entry.getValue()))
                .toList();
        return of(tuning.device().name(), tuning.device().toolchain(), searches, date);
    }

    /**
     * The whole file.
     *
     * @param date when it was made
     */
    static String of(String device, Toolchain toolchain, List<SearchReport> searches, Instant date) {
        List<String> about = List.of(
                searches.size() == 1 ? "1 shape" : searches.size() + " shapes",
                "MXForge " + toolchain.tool(),
                toolchain.compiler(),
                toolchain.driver(),
                date.truncatedTo(ChronoUnit.SECONDS).toString());
        Page page = new Page(
                device,
                about,
                PageFiles.text("page.css"),
                PageFiles.library(),
                PageFiles.text("page.js"),
                Overview.of(searches),
                IntStream.range(0, searches.size())
                        .mapToObj(i -> section(i + 1, searches.get(i)))
                        .toList());
        return TemplateGroup.beside(ReportPage.class, "page.stg").render(page);
    }

    /** Where on the page the search of a place is. */
    static String anchor(int place) {
        return "search-" + place;
    }

    private static Section section(int place, SearchReport report) {
        List<WisdomRecord> trials = report.trials();
        return new Section(
                String.valueOf(place),
                anchor(place),
                report.key().shape().text(),
                report.key().spec().text() + " on " + report.key().target().text(),
                facts(report),
                trials.isEmpty() ? "" : PageFiles.inScript(SearchChart.options(report)),
                HeatMaps.of(report),
                IntStream.range(0, trials.size())
                        .mapToObj(i -> candidate(i + 1, trials.get(i), report))
                        .toList());
    }

    private static List<Fact> facts(SearchReport report) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("variant", text(report.choice().variant())));
        facts.add(new Fact("chosen by", report.choice().origin().text()));
        report.choice().measured().ifPresent(timing -> facts.addAll(facts(timing, report)));
        long failed = report.trials().stream()
                .filter(trial -> SearchReport.millis(trial).isEmpty())
                .count();
        facts.add(new Fact("candidates", report.trials().size() + " tried, " + failed + " failed"));
        return facts;
    }

    private static List<Fact> facts(Timing timing, SearchReport report) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("median", SearchChart.plain(timing.median()) + " ms"));
        timing.clock().ifPresent(clock -> facts.add(new Fact("clock", clock + " MHz")));
        report.teraflops().ifPresent(rate -> facts.add(new Fact("rate", SearchChart.plain(rate) + " TFLOP/s")));
        report.work()
                .ifPresent(work -> facts.add(new Fact(
                        "operands and output", SearchChart.plain(work.bytes() / timing.median() / 1e6) + " GB/s")));
        report.byDefault()
                .ifPresent(usual ->
                        facts.add(new Fact("by default", Overview.times(usual / timing.median()) + " as long")));
        report.floor().ifPresent(floor -> facts.add(new Fact("of the floor", percent(floor / timing.median()))));
        return facts;
    }

    private static Candidate candidate(int place, WisdomRecord trial, SearchReport report) {
        Double expected = report.estimates().get(trial.variant());
        return new Candidate(
                String.valueOf(place),
                text(trial.variant()),
                trial.variant().equals(report.choice().variant()),
                trial.outcome().status().text(),
                trial.outcome().timing().map(ReportPage::times).orElse(List.of()),
                trial.outcome().detail(),
                expected == null ? "" : SearchChart.plain(expected));
    }

    private static List<String> times(Timing timing) {
        return List.of(
                SearchChart.plain(timing.median()),
                SearchChart.plain(timing.p20()),
                SearchChart.plain(timing.p80()),
                String.valueOf(timing.samples()),
                timing.clock().isPresent() ? String.valueOf(timing.clock().getAsInt()) : "");
    }

    /** Algorithm and configuration. */
    static String text(KernelVariant variant) {
        return variant.algorithm().name() + " " + variant.configuration().text();
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
