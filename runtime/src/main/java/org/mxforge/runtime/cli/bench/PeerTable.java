package org.mxforge.runtime.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.mxforge.runtime.cli.console.Table;

/** Our rates beside those of peers. */
final class PeerTable {
    private PeerTable() {}

    /** Rates in TFLOP/s, ours with the clock and what part of the tensor cores was used; behind each peer's, how many times as fast ours is. */
    static Table table(PeerComparison comparison) {
        List<String> header = new ArrayList<>(List.of("KERNEL", "M", "N", "K", "TFLOPS", "MHZ", "UTIL"));
        comparison.peers().forEach(peer -> header.addAll(List.of(peer, "RATIO")));
        Table table = new Table(header.toArray(String[]::new));
        for (PeerComparison.Line line : comparison.lines()) {
            Measurement measured = line.ours().measured().orElseThrow();
            Rate ours = measured.rate();
            List<String> cells = new ArrayList<>(List.of(
                    line.ours().name(),
                    String.valueOf(line.ours().m()),
                    String.valueOf(line.ours().n()),
                    String.valueOf(line.ours().k()),
                    rate(OptionalDouble.of(ours.teraflops())),
                    measured.megahertz().isEmpty()
                            ? "-"
                            : String.valueOf(measured.megahertz().getAsInt()),
                    ratio(measured.utilisation())));
            for (String peer : comparison.peers()) {
                OptionalDouble ratio = line.ratio(peer);
                cells.add(rate(ratio.isEmpty() ? ratio : OptionalDouble.of(ours.teraflops() / ratio.getAsDouble())));
                cells.add(ratio(ratio));
            }
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

    /** Geometric means over shapes of how many times as fast as each peer we are. */
    static Table table(PeerSummary summary) {
        List<String> header = new ArrayList<>(List.of("FORMATS", "VARIANTS", "PACE", "SHAPES"));
        header.addAll(summary.peers());
        Table table = new Table(header.toArray(String[]::new));
        for (PeerSummary.Line line : summary.lines()) {
            List<String> cells = new ArrayList<>(
                    List.of(line.formats(), line.variants(), line.pace().name(), String.valueOf(line.shapes())));
            for (String peer : summary.peers()) {
                Double ratio = line.ratios().get(peer);
                cells.add(ratio(ratio == null ? OptionalDouble.empty() : OptionalDouble.of(ratio)));
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** The same as data. */
    static ArrayNode json(PeerSummary summary) {
        ArrayNode lines = JsonNodeFactory.instance.arrayNode();
        for (PeerSummary.Line line : summary.lines()) {
            ObjectNode ratios = lines.addObject()
                    .put("formats", line.formats())
                    .put("variants", line.variants())
                    .put("pace", line.pace().name())
                    .put("shapes", line.shapes())
                    .putObject("ratios");
            line.ratios().forEach(ratios::put);
        }
        return lines;
    }
}
