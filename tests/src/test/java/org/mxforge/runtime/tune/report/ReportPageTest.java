package org.mxforge.runtime.tune.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.kernel.GemmShape;
import org.mxforge.runtime.kernel.GroupedShape;
import org.mxforge.runtime.kernel.QuantizeShape;
import org.mxforge.runtime.tune.search.Choice;
import org.mxforge.runtime.tune.wisdom.Provenance;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Toolchain;
import org.mxforge.runtime.tune.wisdom.TrialOutcome;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

class ReportPageTest {
    private static final DenseGemmSpec SPEC = new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16);
    private static final List<Configuration> LEGAL = SPEC.space(Target.SM_90A).legal();
    private static final WisdomKey KEY =
            new WisdomKey(SPEC, Target.SM_90A, "Card <1>", new GemmShape(512, 1024, List.of(2048)));
    private static final Toolchain TOOLCHAIN = new Toolchain("0.1.0", "NVRTC 12.9", "-O", "driver \"7\"");
    private static final Instant DATE = Instant.parse("2026-01-02T03:04:05Z");

    private static WisdomRecord trial(int place, TrialOutcome outcome) {
        return new WisdomRecord(
                KEY, LEGAL.get(place), outcome, new Provenance(TOOLCHAIN, "", "full", DATE), Optional.empty());
    }

    private static TrialOutcome took(double millis, int samples) {
        Timing timing = new Timing(millis, millis, millis, samples, OptionalInt.of(1410));
        return new TrialOutcome(TrialOutcome.Status.CORRECT, Optional.of(timing), "");
    }

    private static String page(List<WisdomRecord> trials) {
        Choice choice = new Choice(LEGAL.get(2), Choice.Origin.SEARCH, Optional.of(Timing.of(0.5)));
        SearchReport report =
                new SearchReport(KEY, choice, trials, OptionalDouble.of(0.25), Map.of(LEGAL.get(0), 0.75));
        return ReportPage.of("Card <1>", TOOLCHAIN, List.of(report), DATE);
    }

    private static String page() {
        return page(List.of(
                trial(0, took(1, 100)),
                trial(
                        1,
                        new TrialOutcome(
                                TrialOutcome.Status.RUNTIME, Optional.empty(), "<script>alert(1)</script> & more")),
                trial(2, took(0.5, 100)),
                trial(3, took(3, 1))));
    }

    private static Document plot(String page) throws Exception {
        String svg = page.substring(page.indexOf("<svg"), page.indexOf("</svg>") + "</svg>".length());
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> classes(Document document, String element) {
        NodeList nodes = document.getElementsByTagName(element);
        List<String> classes = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            classes.add(nodes.item(i).getAttributes().getNamedItem("class").getNodeValue());
        }
        return classes;
    }

    @Test
    void thePlotShowsEachCandidateAsWhatItIs() throws Exception {
        Document plot = plot(page());
        assertThat(classes(plot, "circle")).containsExactly("timed", "chosen", "looked");
        assertThat(classes(plot, "line").stream().filter("failed"::equals)).hasSize(2);
        assertThat(classes(plot, "line")).contains("floor", "estimate", "grid", "axis");
        assertThat(classes(plot, "path")).containsExactly("best");
    }

    @Test
    void fasterIsLowerAndTheFloorIsLowest() throws Exception {
        NodeList circles = plot(page()).getElementsByTagName("circle");
        List<Double> heights = new ArrayList<>();
        for (int i = 0; i < circles.getLength(); i++) {
            heights.add(Double.valueOf(
                    circles.item(i).getAttributes().getNamedItem("cy").getNodeValue()));
        }
        assertThat(heights.get(1)).as("0.5 ms below 1 ms").isGreaterThan(heights.get(0));
        assertThat(heights.get(2)).as("3 ms above 1 ms").isLessThan(heights.get(0));
        assertThat(page()).contains("floor 0.250 ms");
    }

    @Test
    void thePageIsCompleteInItselfAndEscaped() {
        String page = page();
        assertThat(page)
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .doesNotContain("<script", "src=", "href=", "@import", "url(")
                .contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; more", "Card &lt;1&gt;", "driver &quot;7&quot;")
                .contains("runtime", "1410", "4 tried, 1 failed", "50 %", "m512,n1024,k2048");
        for (int i = 0; i < 4; i++) {
            assertThat(page).contains("<td class=\"code\">" + LEGAL.get(i).text() + "</td>");
        }
    }

    @Test
    void aQuantizerHasBytesAndNoProducts() {
        KernelSpec spec = KernelSpec.parse(
                "mxquantize/v1;side=activation;formats=e2m1;rule=ceil;groups=g32.folded;prologue=none;in=bf16");
        WisdomKey key = new WisdomKey(spec, Target.SM_90A, "Card", new QuantizeShape(1024, List.of(4096)));
        Choice choice = new Choice(
                spec.space(Target.SM_90A).defaultConfiguration(), Choice.Origin.SEARCH, Optional.of(Timing.of(0.01)));
        SearchReport report = new SearchReport(key, choice, List.of(), OptionalDouble.empty(), Map.of());
        assertThat(ReportPage.of("Card", TOOLCHAIN, List.of(report), DATE))
                .contains("<h2>m1024,k4096</h2>", spec.text(), "threads=256")
                // Read 2 bytes and write 1 of each element; 4 of each row and each channel.
                .contains("<dd>1260 GB/s</dd>")
                .doesNotContain("TFLOP/s");
    }

    @Test
    void aGroupedGemmHasTheProductsOfAllExperts() {
        KernelSpec spec = KernelSpec.parse("mxgroupedgemm/v1;pairs=e2m1xe2m1;groups=g32.folded;epilogue=none;out=bf16");
        WisdomKey key = new WisdomKey(spec, Target.SM_90A, "Card", new GroupedShape(8, 128, 1000, List.of(1024)));
        Choice choice = new Choice(
                spec.space(Target.SM_90A).defaultConfiguration(), Choice.Origin.SEARCH, Optional.of(Timing.of(0.01)));
        SearchReport report = new SearchReport(key, choice, List.of(), OptionalDouble.empty(), Map.of());
        assertThat(ReportPage.of("Card", TOOLCHAIN, List.of(report), DATE))
                .contains("<h2>e8,m128,n1000,k1024</h2>", spec.text(), "bm=128")
                .contains("<dd>210 TFLOP/s</dd>");
    }

    @Test
    void aShapeWithoutTrialsOrWithFailuresAloneIsShownToo() throws Exception {
        assertThat(page(List.of())).contains("No trial of this shape").doesNotContain("<svg");
        String failed = page(List.of(trial(0, new TrialOutcome(TrialOutcome.Status.COMPILE, Optional.empty(), "no"))));
        assertThat(classes(plot(failed), "circle")).isEmpty();
        assertThat(classes(plot(failed), "path")).isEmpty();
    }
}
