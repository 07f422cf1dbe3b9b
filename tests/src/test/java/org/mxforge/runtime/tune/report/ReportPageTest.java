package org.mxforge.runtime.tune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.kernel.SampleProblems;
import org.mxforge.runtime.tune.cost.CostModel.Roof;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

class ReportPageTest {
    private static final KernelProblem PROBLEM =
            new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16), OperandLayout.PLAIN);
    private static final List<KernelVariant> LEGAL = PROBLEM.variants(Target.SM_90A);
    private static final WisdomKey KEY =
            new WisdomKey(PROBLEM, Target.SM_90A, "Card <1>", new GemmShape(512, 1024, List.of(2048)));
    private static final Toolchain TOOLCHAIN = new Toolchain("0.1.0", "NVRTC 12.9", "-O", "driver \"7\"");
    private static final Optional<Roof> ROOF = Optional.of(new Roof(2e12, 6e12));
    private static final Instant DATE = Instant.parse("2026-01-02T03:04:05Z");

    private static WisdomRecord trial(int place, Outcome outcome) {
        return new WisdomRecord(
                KEY,
                LEGAL.get(place),
                outcome,
                new WisdomRecord.Provenance(TOOLCHAIN, "", "full", DATE),
                Optional.empty());
    }

    private static Outcome took(double millis, int samples) {
        Timing timing = new Timing(millis, millis, millis, samples, OptionalInt.of(1410));
        return new Outcome(Outcome.Status.CORRECT, Optional.of(timing), "");
    }

    private static String page(List<WisdomRecord> trials) {
        Choice choice = new Choice(LEGAL.get(2), Choice.Origin.SEARCH, Optional.of(Timing.of(0.5)));
        SearchReport report =
                new SearchReport(KEY, choice, trials, OptionalDouble.of(0.25), ROOF, Map.of(LEGAL.get(0), 0.75));
        return ReportPage.of("Card <1>", TOOLCHAIN, List.of(report), DATE);
    }

    private static String page() {
        return page(List.of(
                trial(0, took(1, 100)),
                trial(1, new Outcome(Outcome.Status.RUNTIME, Optional.empty(), "<script>alert(1)</script> & more")),
                trial(2, took(0.5, 100)),
                trial(3, took(3, 1))));
    }

    /** The chart of the first shape. */
    private static JsonNode chart(String page) throws Exception {
        return chart(page, "search-1");
    }

    /** The first chart from an element on. */
    static JsonNode chart(String page, String id) throws Exception {
        String start = "<script type=\"application/json\">";
        int from = page.indexOf(start, page.indexOf("id=\"" + id + "\"")) + start.length();
        return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
    }

    /** The points of one series, or of none. */
    static JsonNode points(JsonNode chart, String id) {
        for (JsonNode series : chart.get("series")) {
            if (series.get("id").textValue().equals(id)) {
                return series.get("data");
            }
        }
        return MissingNode.getInstance();
    }

    static List<String> values(JsonNode points) {
        List<String> values = new ArrayList<>();
        points.forEach(point -> values.add(point.path("value").toString()));
        return values;
    }

    @Test
    void theChartShowsEachCandidateAsWhatItIs() throws Exception {
        JsonNode chart = chart(page());
        assertThat(values(points(chart, "timed"))).containsExactly("[1.0,1.0]");
        assertThat(values(points(chart, "failed"))).containsExactly("[2,\"failed\"]");
        assertThat(values(points(chart, "chosen"))).containsExactly("[3.0,0.5]");
        assertThat(values(points(chart, "looked"))).containsExactly("[4.0,3.0]");
        assertThat(values(points(chart, "estimate"))).containsExactly("[1.0,0.75]");
        assertThat(points(chart, "timed").get(0).get("name").textValue())
                .isEqualTo("1. " + ReportPage.text(LEGAL.get(0)) + ": 1.00 ms");
    }

    @Test
    void theBestSoFarFallsAndTheFloorIsBelowAll() throws Exception {
        JsonNode chart = chart(page());
        assertThat(values(points(chart, "best"))).containsExactly("[1.0,1.0]", "[3.0,0.5]", "[5.0,0.5]");
        assertThat(values(points(chart, "floor"))).containsExactly("[0.0,0.25]", "[5.0,0.25]");
        assertThat(points(chart, "floor").get(0).get("name").textValue()).isEqualTo("floor 0.250 ms");
        assertThat(chart.at("/yAxis/1/type").textValue()).isEqualTo("log");
    }

    @Test
    void theSpreadOfSamplesIsOneLineForEachCandidate() throws Exception {
        assertThat(values(points(chart(page()), "spread")))
                .containsExactly(
                        "[1.0,1.0]", "[1.0,1.0]", "", "[3.0,0.5]", "[3.0,0.5]", "", "[4.0,3.0]", "[4.0,3.0]", "");
    }

    @Test
    void everySeriesOfTheChartIsOneThatIsDrawn() throws Exception {
        List<String> drawn = new ArrayList<>();
        chart(page()).get("series").forEach(series -> drawn.add(series.get("id").textValue()));
        assertThat(drawn).containsExactly("floor", "best", "spread", "estimate", "timed", "looked", "chosen", "failed");
    }

    @Test
    void thePageIsCompleteInItselfAndEscaped() {
        String page = page();
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .contains("Content-Security-Policy\" content=\"default-src 'none';")
                .doesNotContain("<script src", "<link", "@import", "url(\"http", "<script>alert")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more", "Card &lt;1&gt;", "driver \"7\"")
                .contains("\\u003cscript>alert(1)\\u003c/script>")
                .contains("runtime", "1410", "4 tried, 1 failed", "50 %", "m512,n1024,k2048");
        assertThat(page.split("<script", -1))
                .as("three charts, library and page")
                .hasSize(6);
        for (int i = 0; i < 4; i++) {
            assertThat(page).contains("<td class=\"code\">" + ReportPage.text(LEGAL.get(i)) + "</td>");
        }
    }

    @Test
    void aQuantizerHasBytesAndNoProducts() {
        KernelProblem problem = SampleProblems.quantizer("containers");
        WisdomKey key = new WisdomKey(problem, Target.SM_90A, "Card", new QuantizeShape(1024, List.of(4096)));
        Choice choice = new Choice(problem.usual(Target.SM_90A), Choice.Origin.SEARCH, Optional.of(Timing.of(0.01)));
        SearchReport report =
                new SearchReport(key, choice, List.of(), OptionalDouble.empty(), Optional.empty(), Map.of());
        assertThat(ReportPage.of("Card", TOOLCHAIN, List.of(report), DATE))
                .contains("<h2>1. m1024,k4096</h2>", problem.spec().text(), "threads=256")
                // Read 2 bytes and write 1 of each element; 4 of each row and each channel.
                .contains("<dd>1260 GB/s</dd>")
                .doesNotContain("TFLOP/s");
    }

    @Test
    void aGroupedGemmHasTheProductsOfAllExperts() {
        KernelProblem problem = SampleProblems.grouped("wgmma_containers");
        WisdomKey key = new WisdomKey(problem, Target.SM_90A, "Card", new GroupedShape(8, 128, 1000, List.of(1024)));
        Choice choice = new Choice(problem.usual(Target.SM_90A), Choice.Origin.SEARCH, Optional.of(Timing.of(0.01)));
        SearchReport report =
                new SearchReport(key, choice, List.of(), OptionalDouble.empty(), Optional.empty(), Map.of());
        assertThat(ReportPage.of("Card", TOOLCHAIN, List.of(report), DATE))
                .contains("<h2>1. e8,m128,n1000,k1024</h2>", problem.spec().text(), "bm=256")
                .contains("<dd>210 TFLOP/s</dd>");
    }

    @Test
    void aShapeWithoutTrialsOrWithFailuresAloneIsShownToo() throws Exception {
        assertThat(page(List.of())).contains("No trial of this shape").doesNotContain("class=\"map\"");
        JsonNode failed = chart(page(List.of(trial(0, new Outcome(Outcome.Status.COMPILE, Optional.empty(), "no")))));
        assertThat(values(points(failed, "failed"))).hasSize(1);
        assertThat(points(failed, "timed").isMissingNode()).isTrue();
        assertThat(points(failed, "best").isMissingNode()).isTrue();
    }

    @Test
    void allShapesTogetherComeFirst() throws Exception {
        String page = page();
        assertThat(page.indexOf("What tuning comes to")).isLessThan(page.indexOf("id=\"search-1\""));
        // 512 tokens, one kernel; the default variant took 1 ms, the floor is 0.25.
        assertThat(page)
                .contains(numbers("512", "1", "0.500", "2.00 times", "50 %"))
                .contains("<a href=\"#search-1\">m512,n1024,k2048</a></td>"
                        + numbers("0.500", "2.00 times", "50 %", "4.29 TFLOP/s"));
        JsonNode effect = chart(page, "effect");
        assertThat(effect.at("/yAxis/data/0").textValue()).isEqualTo("1. m512,n1024,k2048");
        assertThat(values(points(effect, "floor"))).containsExactly("[0.25,0.0]");
        assertThat(values(points(effect, "chosen"))).containsExactly("[0.5,0.0]");
        assertThat(values(points(effect, "default"))).containsExactly("[1.0,0.0]");
        assertThat(points(effect, "chosen").get(0).get("link").textValue()).isEqualTo("search-1");
    }

    /** Cells of a table. */
    private static String numbers(String... texts) {
        return List.of(texts).stream()
                .map(text -> "<td class=\"number\">" + text + "</td>")
                .collect(Collectors.joining());
    }

    /** 2 M N K FLOP in 0.5 ms; operands and output are BF16, 2 bytes each. */
    @Test
    void ratesAreUnderTheirRoof() throws Exception {
        JsonNode roof = chart(page(), "roof");
        JsonNode point = points(roof, "chosen").get(0);
        double flop = 2.0 * 512 * 1024 * 2048;
        double bytes = 2 * (512 * 2048 + 1024 * 2048 + 512 * 1024);
        assertThat(point.at("/value/0").doubleValue()).isCloseTo(flop / bytes, within(1e-6));
        assertThat(point.at("/value/1").doubleValue()).isCloseTo(flop / 0.5e-3 / 1e12, within(1e-6));
        assertThat(point.get("name").textValue()).isEqualTo("1. m512,n1024,k2048: 4.29 of 6.00 TFLOP/s");
        for (JsonNode corner : points(roof, "roof")) {
            assertThat(corner.isNull() || corner.at("/value/1").doubleValue() <= 6)
                    .isTrue();
        }
        assertThat(points(roof, "roofs").get(0).get("name").textValue()).isEqualTo("6.00 TFLOP/s, 2.00 TB/s");
    }

    @Test
    void withoutARoofThereIsNoRoofline() {
        Choice choice = new Choice(LEGAL.get(2), Choice.Origin.SEARCH, Optional.of(Timing.of(0.5)));
        SearchReport report =
                new SearchReport(KEY, choice, List.of(), OptionalDouble.empty(), Optional.empty(), Map.of());
        assertThat(ReportPage.of("Card", TOOLCHAIN, List.of(report, report), DATE))
                .contains(numbers("512", "2", "1.00", "", ""))
                .doesNotContain("Roofline");
    }
}
