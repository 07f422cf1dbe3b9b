package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Consumer;
import org.mxforge.runtime.bench.BenchRow;
import org.mxforge.runtime.bench.PeerComparison;
import org.mxforge.runtime.bench.PeerFile;

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
    int of(BenchReport report, Consumer<Consumer<BenchRow>> sweep) {
        sweep.accept(report::add);
        file.write(report);
        ObjectNode document = report.json();
        peers.ifPresent(found -> document.set("geometric_means", compared(report, found)));
        console.document(document);
        return report.exitCode();
    }

    private ObjectNode compared(BenchReport report, PeerFile found) {
        PeerComparison comparison = PeerComparison.of(report.rows(), found.rows());
        console.blank();
        if (comparison.lines().isEmpty()) {
            console.line("The peers have none of these shapes.");
        } else {
            console.table(PeerTable.table(comparison));
        }
        if (found.failed() > 0) {
            console.line("(" + found.failed() + " measurements of peers failed)");
        }
        return PeerTable.json(comparison);
    }
}
