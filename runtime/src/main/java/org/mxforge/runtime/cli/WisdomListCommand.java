package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.WisdomBook;
import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mxforge wisdom list}: the winner of every shape. */
@Command(
        name = "list",
        description = "Lists what was tuned: the fastest right variant of each kernel and shape.",
        footer = {"", "Examples:", "  mxforge wisdom list", "  mxforge wisdom list --json"})
final class WisdomListCommand implements Callable<Integer> {
    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Table table = new Table("DEVICE", "KERNEL", "SHAPE", "VARIANT", "MS", "TRIALS", "SEARCH", "FILE");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<String, WisdomBook> source : WisdomSources.books().entrySet()) {
            for (WisdomKey key : source.getValue().keys()) {
                add(key, source.getKey(), source.getValue(), table, document);
            }
        }
        if (document.isEmpty()) {
            console.line("nothing was tuned yet: 'mxforge tune' begins");
        } else {
            console.table(table);
        }
        console.document(document);
        return 0;
    }

    private static void add(WisdomKey key, String file, WisdomBook book, Table table, ArrayNode document) {
        Optional<WisdomRecord> winner = book.winner(key, entry -> true);
        Optional<Timing> timing = winner.flatMap(entry -> entry.outcome().timing());
        String variant = winner.map(entry -> entry.configuration().text()).orElse("-");
        String search =
                winner.map(entry -> entry.endsFullSearch() ? "full" : "partial").orElse("unfinished");
        long trials = book.records(key).stream()
                .filter(entry -> entry.coverage().isEmpty())
                .count();
        String millis =
                timing.map(t -> String.format(Locale.ROOT, "%.4f", t.median())).orElse("-");
        String kernel = key.spec().identifier();
        table.row(key.device(), kernel, key.shape().text(), variant, millis, String.valueOf(trials), search, file);
        ObjectNode node = document.addObject()
                .put("device", key.device())
                .put("target", key.target().text())
                .put("spec", key.spec().text())
                .put("shape", key.shape().text());
        winner.ifPresent(entry -> node.put("config", variant));
        timing.ifPresent(t -> node.put("median_ms", t.median()));
        node.put("trials", trials).put("search", search).put("file", file);
    }
}
