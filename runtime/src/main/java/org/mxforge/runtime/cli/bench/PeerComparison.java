package org.mxforge.runtime.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Our rates beside those of peers on the same shapes at the same pace.
 *
 * @param peers names of those that share a shape with us, in the order of their file
 * @param lines one for each of our measurements that some peer shares the shape of
 */
record PeerComparison(List<String> peers, List<Line> lines) {
    public PeerComparison {
        peers = List.copyOf(peers);
        lines = List.copyOf(lines);
    }

    /**
     * One shape.
     *
     * @param ours our measurement
     * @param theirs milliseconds by peer, of those that have the shape
     */
    public record Line(BenchRow ours, Map<String, Double> theirs) {
        public Line {
            theirs = Map.copyOf(theirs);
        }

        /** How many times as fast as {@code peer} we are; empty if the peer has not this shape. */
        public OptionalDouble ratio(String peer) {
            Double millis = theirs.get(peer);
            return millis == null
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(millis / ours.millis().orElseThrow());
        }
    }

    private record Case(Pace pace, int m, int n, int k) {}

    /** Joins by pace and shape. Where a peer has one more than once, its last measurement counts. */
    public static PeerComparison of(List<BenchRow> ours, List<PeerRow> theirs) {
        Map<Case, Map<String, Double>> byCase = new LinkedHashMap<>();
        for (PeerRow row : theirs) {
            byCase.computeIfAbsent(new Case(row.pace(), row.m(), row.n(), row.k()), key -> new LinkedHashMap<>())
                    .put(row.peer(), row.millis());
        }
        List<Line> lines = new ArrayList<>();
        for (BenchRow row : ours) {
            Map<String, Double> shared = byCase.get(new Case(row.pace(), row.m(), row.n(), row.k()));
            if (row.measured().isPresent() && shared != null) {
                lines.add(new Line(row, shared));
            }
        }
        Set<String> peers = new LinkedHashSet<>();
        theirs.stream()
                .map(PeerRow::peer)
                .filter(peer -> lines.stream().anyMatch(line -> line.theirs().containsKey(peer)))
                .forEach(peers::add);
        return new PeerComparison(List.copyOf(peers), lines);
    }

    /** Geometric mean of our ratios to {@code peer}; empty if we share no shape. */
    public OptionalDouble mean(String peer) {
        return geometricMean(lines.stream()
                .flatMapToDouble(line -> line.ratio(peer).stream())
                .toArray());
    }

    /** The geometric mean of positive numbers; empty if there are none. */
    public static OptionalDouble geometricMean(double... values) {
        double logs = 0;
        for (double value : values) {
            logs += Math.log(value);
        }
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.exp(logs / values.length));
    }
}
