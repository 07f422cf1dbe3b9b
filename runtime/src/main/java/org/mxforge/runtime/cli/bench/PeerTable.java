package org.mxforge.runtime.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.mxforge.runtime.cli.console.Table;

/** Our rates beside those of peers. */
final class PeerTable {
    private PeerTable() {}

    /** Rates in TFLOP/s, ours with the clock and what part of the tensor cores was used, a row for each peer with how many times as fast ours is. */
    static Table table(PeerComparison comparison) {
        Table table = new Table("M", "N", "K", "TFLOPS", "MHZ", "UTIL", "PEER", "THEIRS", "RATIO");
        for (PeerComparison.Line line : comparison.lines()) {
            Measurement measured = line.ours().measured().orElseThrow();
            double ours = measured.rate().teraflops();
            table.under(line.ours().name());
            for (String peer : comparison.peers()) {
                line.ratio(peer)
                        .ifPresent(ratio -> table.row(
                                String.valueOf(line.ours().m()),
                                String.valueOf(line.ours().n()),
                                String.valueOf(line.ours().k()),
                                rate(ours),
                                measured.megahertz().isEmpty()
                                        ? "-"
                                        : String.valueOf(measured.megahertz().getAsInt()),
                                measured.utilisation().isEmpty()
                                        ? "-"
                                        : ratio(measured.utilisation().getAsDouble()),
                                peer,
                                rate(ours / ratio),
                                ratio(ratio)));
            }
        }
        return table;
    }

    private static String rate(double teraflops) {
        return String.format(Locale.ROOT, "%.1f", teraflops);
    }

    private static String ratio(double ratio) {
        return String.format(Locale.ROOT, "%.2f", ratio);
    }

    /** Geometric means over shapes of how many times as fast as each peer we are. */
    static Table table(PeerSummary summary) {
        Table table = new Table("VARIANTS", "PACE", "SHAPES", "PEER", "RATIO");
        for (PeerSummary.Line line : summary.lines()) {
            line.ratios().forEach((peer, ratio) -> table.under(line.formats())
                    .row(line.variants(), line.pace().name(), String.valueOf(line.shapes()), peer, ratio(ratio)));
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
