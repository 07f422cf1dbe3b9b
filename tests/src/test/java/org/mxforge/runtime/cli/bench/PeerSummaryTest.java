package org.mxforge.runtime.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;
import static org.mxforge.runtime.cli.bench.Pace.BURST;
import static org.mxforge.runtime.cli.bench.Pace.SUSTAINED;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PeerSummaryTest {
    private static GemmRow row(String formats, String way, Pace pace, int m, double millis) {
        Measurement measured = new Measurement(
                new Rate(millis, 1, 1), OptionalDouble.empty(), OptionalInt.empty(), OptionalDouble.empty());
        return new GemmRow(
                formats,
                way,
                way.contains("fragments") || way.startsWith("unpack"),
                way.endsWith("_promoted"),
                new BenchRow("x", pace, m, 256, 512, Optional.of(measured), ""));
    }

    private static GemmRow row(String way, int m, double millis) {
        return row("f", way, SUSTAINED, m, millis);
    }

    private static PeerRow peer(String name, Pace pace, int m, double millis) {
        return new PeerRow(name, pace, m, 256, 512, millis);
    }

    private static PeerSummary.Line line(PeerSummary summary, String formats, String variants, Pace pace) {
        return summary.lines().stream()
                .filter(line -> line.formats().equals(formats)
                        && line.variants().equals(variants)
                        && line.pace().equals(pace))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theFastestOfAClassCountsShapeByShape() {
        PeerSummary summary = PeerSummary.of(
                List.of(
                        row("wgmma_fragments", 64, 0.5),
                        row("wgmma_fragments", 128, 3),
                        row("wgmma_fragments_promoted", 64, 1),
                        row("wgmma_fragments_promoted", 128, 4),
                        row("unpack_wgmma", 64, 9),
                        row("unpack_wgmma_promoted", 64, 2),
                        row("unpack_wgmma_promoted", 128, 1)),
                List.of(peer("p", SUSTAINED, 64, 2), peer("p", SUSTAINED, 128, 8), peer("q", SUSTAINED, 128, 3)));
        assertThat(summary.lines())
                .extracting(PeerSummary.Line::variants)
                .containsExactly(
                        "wgmma_fragments",
                        "wgmma_fragments_promoted",
                        "unpack_wgmma",
                        "unpack_wgmma_promoted",
                        "best promoted from packed weights",
                        "best from packed weights");
        assertThat(summary.lines().get(0).ratios()).containsOnlyKeys("p", "q");
        PeerSummary.Line streamed = line(summary, "f", "wgmma_fragments", SUSTAINED);
        assertThat(streamed.shapes()).isEqualTo(2);
        assertThat(streamed.ratios().get("p")).isCloseTo(Math.sqrt(2 / 0.5 * 8 / 3), within(1e-12));
        assertThat(streamed.ratios().get("q")).isCloseTo(1, within(1e-12));
        assertThat(line(summary, "f", "unpack_wgmma", SUSTAINED).ratios()).containsExactly(entry("p", 2.0 / 9));
        // 64 decoded in the GEMM, 128 unpacked before.
        PeerSummary.Line promoted = line(summary, "f", "best promoted from packed weights", SUSTAINED);
        assertThat(promoted.ratios().get("p")).isCloseTo(Math.sqrt(2.0 / 1 * 8 / 1), within(1e-12));
        assertThat(promoted.ratios().get("q")).isCloseTo(3, within(1e-12));
        // 64 with sums that are not promoted.
        PeerSummary.Line best = line(summary, "f", "best from packed weights", SUSTAINED);
        assertThat(best.shapes()).isEqualTo(2);
        assertThat(best.ratios().get("p")).isCloseTo(Math.sqrt(2 / 0.5 * 8 / 1), within(1e-12));
    }

    @Test
    void formatsAndPacesStayApart() {
        PeerSummary summary = PeerSummary.of(
                List.of(
                        row("f", "wgmma_containers", SUSTAINED, 64, 1),
                        row("f", "wgmma_containers", BURST, 64, 0.5),
                        row("g", "wgmma_containers", SUSTAINED, 64, 2)),
                List.of(peer("p", SUSTAINED, 64, 4), peer("q", BURST, 64, 3)));
        assertThat(summary.lines()).hasSize(3);
        assertThat(line(summary, "f", "wgmma_containers", SUSTAINED).ratios()).containsExactly(entry("p", 4.0));
        assertThat(line(summary, "f", "wgmma_containers", BURST).ratios()).containsExactly(entry("q", 6.0));
        assertThat(line(summary, "g", "wgmma_containers", SUSTAINED).ratios()).containsExactly(entry("p", 2.0));
    }

    @Test
    void whatFailedAndChoicesThatWereNotMeasuredAreLeftOut() {
        GemmRow failed = new GemmRow(
                "f",
                "unpack_wgmma_promoted",
                true,
                true,
                new BenchRow("x", SUSTAINED, 64, 256, 512, Optional.empty(), "no room"));
        PeerSummary summary = PeerSummary.of(
                List.of(row("wgmma_fragments_promoted", 64, 1), failed), List.of(peer("p", SUSTAINED, 64, 1)));
        assertThat(summary.lines()).extracting(PeerSummary.Line::variants).containsExactly("wgmma_fragments_promoted");
        assertThat(PeerSummary.of(List.of(failed), List.of()).lines()).isEmpty();
    }
}
