package org.mxforge.runtime.cli.bench;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.mxforge.runtime.cli.console.Console;

/** Lines of a benchmark, printed as they come and kept for what is made of them at the end. */
final class BenchReport {
    private final Console console;
    private final String yardstick;
    private final ObjectNode document = JsonNodeFactory.instance.objectNode();
    private final List<BenchRow> rows = new ArrayList<>();

    /** @param yardstick what the column before the clock is a fraction of */
    private BenchReport(Console console, String yardstick) {
        this.console = console;
        this.yardstick = yardstick;
    }

    /** Lines with fractions of the floor; prints the header. */
    static BenchReport againstFloor(Console console) {
        return new BenchReport(console, "floor").begin();
    }

    /** Lines with fractions of {@code copy}'s bandwidth; prints that, marked as no line of data, and the header. */
    static BenchReport againstCopy(Console console, Rate copy) {
        BenchReport report = new BenchReport(console, "copy");
        report.document.put("copy_gb_per_s", copy.gigabytesPerSecond());
        console.line(
                String.format(Locale.ROOT, "# a copy of 2 GiB reads and writes %.0f GB/s", copy.gigabytesPerSecond()));
        return report.begin();
    }

    private BenchReport begin() {
        console.line(BenchRow.header(yardstick));
        return this;
    }

    void add(BenchRow row) {
        rows.add(row);
        console.line(row.csv());
    }

    /** Header and lines. */
    List<String> csv() {
        return Stream.concat(
                        Stream.of(BenchRow.header(yardstick)), rows.stream().map(BenchRow::csv))
                .toList();
    }

    /** All of it as data. */
    ObjectNode json() {
        ArrayNode array = document.putArray("rows");
        for (BenchRow row : rows) {
            ObjectNode node = array.addObject()
                    .put("peer", row.peer())
                    .put("pace", row.pace().name())
                    .put("m", row.m())
                    .put("n", row.n())
                    .put("k", row.k());
            row.measured().ifPresentOrElse(measured -> put(measured, node), () -> node.put("failure", row.failure()));
        }
        return document;
    }

    private void put(Measurement measured, ObjectNode node) {
        Rate rate = measured.rate();
        node.put("ms", rate.millis()).put("tflops", rate.teraflops()).put("gb_per_s", rate.gigabytesPerSecond());
        measured.fraction().ifPresent(fraction -> node.put(yardstick, fraction));
        measured.megahertz().ifPresent(clock -> node.put("mhz", clock));
        measured.utilisation().ifPresent(utilisation -> node.put("utilisation", utilisation));
    }

    /** 0 if everything could be measured, else 1. */
    int exitCode() {
        return rows.stream().allMatch(row -> row.measured().isPresent()) ? 0 : 1;
    }
}
