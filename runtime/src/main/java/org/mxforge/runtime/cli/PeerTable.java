package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.mxforge.runtime.bench.PeerComparison;
import org.mxforge.runtime.bench.Rate;

/** Our rates beside those of peers. */
final class PeerTable {
    private PeerTable() {}

    /** Rates in TFLOP/s; behind each peer's, how many times as fast ours is. At the end the geometric means of that. */
    static Table table(PeerComparison comparison) {
        List<String> header = new ArrayList<>(List.of("KERNEL", "M", "N", "K", "TFLOPS"));
        comparison.peers().forEach(peer -> header.addAll(List.of(peer, "RATIO")));
        Table table = new Table(header.toArray(String[]::new));
        for (PeerComparison.Line line : comparison.lines()) {
            Rate ours = line.ours().rate().orElseThrow();
            List<String> cells = new ArrayList<>(List.of(
                    line.ours().peer(),
                    String.valueOf(line.ours().m()),
                    String.valueOf(line.ours().n()),
                    String.valueOf(line.ours().k()),
                    rate(OptionalDouble.of(ours.teraflops()))));
            for (String peer : comparison.peers()) {
                OptionalDouble ratio = line.ratio(peer);
                cells.add(rate(ratio.isEmpty() ? ratio : OptionalDouble.of(ours.teraflops() / ratio.getAsDouble())));
                cells.add(ratio(ratio));
            }
            table.row(cells.toArray(String[]::new));
        }
        for (String kernel : comparison.kernels()) {
            List<String> cells = new ArrayList<>(List.of(kernel + ", geometric mean", "-", "-", "-", "-"));
            comparison.peers().forEach(peer -> cells.addAll(List.of("-", ratio(comparison.mean(kernel, peer)))));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String rate(OptionalDouble teraflops) {
        return teraflops.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f", teraflops.getAsDouble());
    }

    private static String ratio(OptionalDouble ratio) {
        return ratio.isEmpty() ? "-" : String.format(Locale.ROOT, "%.2f", ratio.getAsDouble());
    }

    /** Geometric means by kernel and peer. */
    static ObjectNode json(PeerComparison comparison) {
        ObjectNode means = JsonNodeFactory.instance.objectNode();
        for (String kernel : comparison.kernels()) {
            ObjectNode byPeer = means.putObject(kernel);
            for (String peer : comparison.peers()) {
                comparison.mean(kernel, peer).ifPresent(mean -> byPeer.put(peer, mean));
            }
        }
        return means;
    }
}
