package org.mxforge.runtime.tune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.tune.search.Tuning;
import org.mxforge.runtime.tune.search.Tuning.Choice;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomFolder;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** The page about what was measured on a real card and ships. */
class ShippedReportTest {
    private static final String CARD = "NVIDIA H200";

    @TempDir
    static Path folder;

    private static List<WisdomFolder.Known> known;
    private static Map<WisdomKey, Choice> choices;
    private static String page;

    @BeforeAll
    static void chooseAll() {
        known = new WisdomFolder(folder)
                .known().stream()
                        .filter(shape -> shape.key().device().equals(CARD))
                        .toList();
        Tuning tuning = Tuning.elsewhere(
                Target.SM_90A, CARD, known.get(0).records().get(0).provenance().toolchain(), folder);
        known.forEach(shape -> tuning.choose(shape.key().problem(), shape.key().shape()));
        choices = tuning.choices();
        page = ReportPage.of(tuning, Instant.EPOCH);
    }

    /** What the variant that was chosen for a shape took in the race that decided. */
    private static double won(WisdomFolder.Known shape) {
        Choice choice = choices.get(shape.key());
        assertThat(shape.records())
                .anyMatch(entry -> entry.coverage().isPresent()
                        && entry.variant().equals(choice.variant())
                        && entry.outcome().timing().equals(choice.timing()));
        return choice.timing().map(Timing::median).orElseThrow();
    }

    private static List<Double> times(JsonNode points) {
        return StreamSupport.stream(points.spliterator(), false)
                .map(point -> point.at("/value/1").doubleValue())
                .toList();
    }

    @Test
    void theChosenDotIsThatOfTheDecidingRace() throws Exception {
        for (int i = 0; i < known.size(); i++) {
            JsonNode chart = ReportPageTest.chart(page, "search-" + (i + 1));
            assertThat(times(ReportPageTest.points(chart, "chosen")))
                    .as("shape %s", i + 1)
                    .containsExactly(won(known.get(i)));
        }
    }

    @Test
    void whatTuningComesToIsTheSumOfTheWinnersForEachNumberOfTokens() {
        Map<Integer, List<WisdomFolder.Known>> tokens = known.stream()
                .collect(Collectors.groupingBy(shape -> shape.key().shape().m()));
        assertThat(tokens).hasSizeGreaterThan(3);
        tokens.forEach((m, shapes) -> {
            double sum = shapes.stream().mapToDouble(ShippedReportTest::won).sum();
            assertThat(page)
                    .contains("<tr><td class=\"number\">" + m + "</td><td class=\"number\">" + shapes.size()
                            + "</td><td class=\"number\">" + SearchChart.plain(sum) + "</td>");
        });
    }

    /** Attention and what is multiplied is in the roofline, quantizers are not. */
    @Test
    void noRateIsAboveItsRoof() throws Exception {
        JsonNode roof = ReportPageTest.chart(page, "roof");
        long products = known.stream()
                .map(WisdomFolder.Known::key)
                .filter(key -> key.problem().work(key.shape()).orElseThrow().macs() > 0)
                .count();
        assertThat(times(ReportPageTest.points(roof, "chosen"))).hasSize((int) products);
        // BF16 and FP8.
        assertThat(ReportPageTest.points(roof, "roofs")).hasSize(2);
        double most = times(ReportPageTest.points(roof, "roofs")).stream()
                .max(Double::compare)
                .orElseThrow();
        assertThat(times(ReportPageTest.points(roof, "chosen"))).allMatch(rate -> rate < most);
        assertThat(most).isCloseTo(2141, within(1.0));
    }

    @Test
    void everyTrialIsACellOfAMapAndTheWinnerHasTheFrame() {
        String[] sections = page.split("<section id=");
        assertThat(sections).hasSize(known.size() + 1);
        Map<Integer, Long> trials = known.stream()
                .collect(Collectors.toMap(known::indexOf, shape -> WisdomRecord.trials(shape.records()).stream()
                        .map(WisdomRecord::variant)
                        .distinct()
                        .count()));
        for (int i = 0; i < known.size(); i++) {
            String section = sections[i + 1];
            if (trials.get(i) > 1) {
                assertThat(section.split("class=\"heat[0-6]|class=\"failed\"", -1))
                        .hasSize(trials.get(i).intValue() + 1);
                assertThat(section.split(" chosen\" title=", -1)).hasSize(2);
            } else {
                assertThat(section).doesNotContain("class=\"map\"");
            }
        }
    }
}
