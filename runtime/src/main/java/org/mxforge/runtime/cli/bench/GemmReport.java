package org.mxforge.runtime.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.mxforge.runtime.cli.console.Console;

/**
 * What is printed of a sweep over GEMMs: its lines and, where there are peers, the comparison.
 *
 * @param file where the lines are kept
 * @param peers what others measured
 */
record GemmReport(Console console, BenchOutput file, Optional<PeerFile> peers) {
    GemmReport {
        file.check();
    }

    /**
     * Prints what {@code sweep} finds.
     *
     * @param report where the lines go
     * @return exit code
     */
    int of(BenchReport report, Consumer<Consumer<GemmRow>> sweep) {
        List<GemmRow> rows = new ArrayList<>();
        sweep.accept(found -> {
            rows.add(found);
            report.add(found.row());
        });
        file.write(report);
        ObjectNode document = report.json();
        peers.ifPresent(found -> compare(rows, found, document));
        console.document(document);
        return report.exitCode();
    }

    private void compare(List<GemmRow> rows, PeerFile found, ObjectNode document) {
        PeerComparison comparison =
                PeerComparison.of(rows.stream().map(GemmRow::row).toList(), found.rows());
        PeerSummary summary = PeerSummary.of(rows, found.rows());
        console.blank();
        if (comparison.lines().isEmpty()) {
            console.line("The peers have none of these shapes at this pace.");
        } else {
            console.table(PeerTable.table(comparison));
            console.blank();
            console.line("How many times as fast as each peer, the geometric mean over shapes:");
            console.table(PeerTable.table(summary));
        }
        if (found.failed() > 0) {
            console.line("(" + found.failed() + " measurements of peers failed)");
        }
        document.set("summary", PeerTable.json(summary));
        document.put("failed_peers", found.failed());
    }
}
