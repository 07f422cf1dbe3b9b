package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How many times as fast as each peer we are over all shapes of a sweep, by formats and ways to multiply.
 *
 * @param lines in the order the formats were measured
 */
record PeerSummary(List<Line> lines) {
    public PeerSummary {
        lines = List.copyOf(lines);
    }

    /**
     * One class of variants on one mix of formats.
     *
     * @param formats what was multiplied
     * @param variants name of the class: that of a variant, or of several of which the fastest counts, shape by shape
     * @param pace how the card was found, by us as by the peers
     * @param shapes that we measured
     * @param ratios geometric means over shared shapes of how many times as fast we are, by peer
     */
    public record Line(String formats, String variants, Pace pace, int shapes, Map<String, Double> ratios) {
        public Line {
            ratios = Collections.unmodifiableMap(new LinkedHashMap<>(ratios));
        }
    }

    private record Group(String formats, Pace pace) {}

    /** Sums up {@code ours} against {@code theirs}. Classes of several variants of which one was measured are left out. */
    public static PeerSummary of(List<GemmRow> ours, List<PeerRow> theirs) {
        Map<Group, List<GemmRow>> groups = new LinkedHashMap<>();
        for (GemmRow row : ours) {
            if (row.row().measured().isPresent()) {
                groups.computeIfAbsent(new Group(row.formats(), row.row().pace()), group -> new ArrayList<>())
                        .add(row);
            }
        }
        List<Line> lines = new ArrayList<>();
        groups.forEach((group, rows) -> {
            for (GemmClass variants : GemmClass.of(rows)) {
                lines.add(line(group, variants, rows, theirs));
            }
        });
        return new PeerSummary(lines);
    }

    private static Line line(Group group, GemmClass variants, List<GemmRow> rows, List<PeerRow> theirs) {
        List<BenchRow> best = variants.best(rows);
        PeerComparison comparison = PeerComparison.of(best, theirs);
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String peer : comparison.peers()) {
            OptionalDouble mean = comparison.mean(peer);
            mean.ifPresent(ratio -> ratios.put(peer, ratio));
        }
        return new Line(group.formats(), variants.name(), group.pace(), best.size(), ratios);
    }
}
