package org.mxforge.runtime.tune.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mxforge.runtime.tune.cost.Work;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Toolchain;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** The page: a heading, and for each shape its facts, its plot and the table of its candidates. */
public final class ReportPage {
    private final Markup html = new Markup();

    private ReportPage() {}

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
        ReportPage page = new ReportPage();
        page.begin(device, toolchain, searches.size(), date);
        searches.forEach(page::search);
        page.html.close("main").close("body").close("html");
        return page.html.toString();
    }

    private void begin(String device, Toolchain toolchain, int count, Instant date) {
        html.raw("<!DOCTYPE html>\n").open("html", "lang", "en").open("head");
        html.raw(
                "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.element("title", "MXForge tuning on " + device);
        html.open("style").raw(style()).close("style");
        html.close("head").open("body").open("main");
        html.open("header").element("h1", "Tuning on " + device);
        String shapes = count == 1 ? "1 shape" : count + " shapes";
        html.element(
                "p",
                String.join(
                        " \u00b7 ",
                        shapes,
                        "MXForge " + toolchain.tool(),
                        toolchain.compiler(),
                        toolchain.driver(),
                        date.truncatedTo(ChronoUnit.SECONDS).toString()));
        html.close("header");
    }

    private static String style() {
        try (InputStream in = ReportPage.class.getResourceAsStream("report.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void search(SearchReport report) {
        html.open("section");
        html.element("h2", report.key().shape().text());
        html.element(
                "p", report.key().spec().text() + " on " + report.key().target().text(), "class", "spec");
        facts(report);
        if (report.trials().isEmpty()) {
            html.element("p", "No trial of this shape is on record here.", "class", "note");
        } else {
            html.raw(SearchPlot.of(report));
            legend(report);
            table(report);
        }
        html.close("section");
    }

    private void facts(SearchReport report) {
        html.open("dl", "class", "facts");
        fact("variant", report.choice().configuration().text());
        fact("chosen by", report.choice().origin().text());
        Optional<Timing> timing = report.choice().timing();
        timing.ifPresent(time -> {
            fact("median", SearchPlot.plain(time.median()) + " ms");
            time.clock().ifPresent(clock -> fact("clock", clock + " MHz"));
            Work.of(report.key().spec(), report.key().shape()).ifPresent(work -> {
                if (work.macs() > 0) {
                    fact("rate", SearchPlot.plain(2 * work.macs() / time.median() / 1e9) + " TFLOP/s");
                }
                fact("operands and output", SearchPlot.plain(work.bytes() / time.median() / 1e6) + " GB/s");
            });
            report.floor().ifPresent(floor -> fact("of the floor", percent(floor / time.median())));
        });
        long failed = report.trials().stream()
                .filter(trial -> SearchReport.millis(trial).isEmpty())
                .count();
        fact("candidates", report.trials().size() + " tried, " + failed + " failed");
        html.close("dl");
    }

    private void fact(String name, String value) {
        html.open("div").element("dt", name).element("dd", value).close("div");
    }

    private void legend(SearchReport report) {
        html.open("ul", "class", "legend");
        key("timed", "timed, with 20 to 80 % of its samples");
        key("looked", "abandoned after a look");
        key("chosen", "chosen");
        key("best", "best so far");
        key("failed", "failed");
        if (!report.estimates().isEmpty()) {
            key("estimate", "expected by the cost model");
        }
        if (report.floor().isPresent()) {
            key("floor", "floor: all bytes once, or all products at the tensor cores' highest rate and clock");
        }
        html.close("ul");
    }

    private void key(String kind, String meaning) {
        html.open("li")
                .open("i", "class", "key " + kind)
                .close("i")
                .text(meaning)
                .close("li");
    }

    private void table(SearchReport report) {
        html.open("details", "open", "open").element("summary", "Candidates");
        html.open("div", "class", "scroll").open("table").open("thead").open("tr");
        for (String head : List.of("#", "variant", "status", "median ms", "p20", "p80", "samples", "MHz", "expected")) {
            html.element("th", head);
        }
        html.close("tr").close("thead").open("tbody");
        for (int i = 0; i < report.trials().size(); i++) {
            row(i + 1, report.trials().get(i), report);
        }
        html.close("tbody").close("table").close("div").close("details");
    }

    private void row(int place, WisdomRecord trial, SearchReport report) {
        boolean chosen = trial.configuration().equals(report.choice().configuration());
        Optional<Timing> timing = trial.outcome().timing();
        html.open("tr", "class", chosen ? "winner" : "");
        cell(String.valueOf(place), "number");
        cell(trial.configuration().text(), "code");
        String status = trial.outcome().status().text();
        html.open("td").element("span", status, "class", "status " + status).close("td");
        timing.ifPresentOrElse(this::times, () -> failure(trial.outcome().detail()));
        Double estimate = report.estimates().get(trial.configuration());
        cell(estimate == null ? "" : SearchPlot.plain(estimate), "number");
        html.close("tr");
    }

    private void times(Timing timing) {
        cell(SearchPlot.plain(timing.median()), "number");
        cell(SearchPlot.plain(timing.p20()), "number");
        cell(SearchPlot.plain(timing.p80()), "number");
        cell(String.valueOf(timing.samples()), "number");
        cell(timing.clock().isPresent() ? String.valueOf(timing.clock().getAsInt()) : "", "number");
    }

    /** In the place of the times. */
    private void failure(String detail) {
        html.element("td", detail, "class", "detail", "colspan", 5);
    }

    private void cell(String text, String kind) {
        html.element("td", text, "class", kind);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.0f %%", 100 * share);
    }
}
