package org.mxforge.runtime.cli.wisdom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.cli.console.VariantText;
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
        WisdomStore.user().known().forEach(known -> add(known, table, document));
        if (document.isEmpty()) {
            console.line("nothing was tuned yet: 'mxforge tune' begins");
        } else {
            console.table(table);
        }
        console.document(document);
        return 0;
    }

    private static void add(WisdomStore.Known known, Table table, ArrayNode document) {
        String millis = known.millis().isPresent()
                ? String.format(Locale.ROOT, "%.4f", known.millis().getAsDouble())
                : "-";
        table.row(
                known.device(),
                known.spec().identifier(),
                known.shape(),
                known.variant().map(VariantText::of).orElse("-"),
                millis,
                String.valueOf(known.trials()),
                known.search(),
                known.file());
        ObjectNode node = document.addObject()
                .put("device", known.device())
                .put("target", known.target().text())
                .put("spec", known.spec().text())
                .put("shape", known.shape());
        known.variant()
                .ifPresent(variant -> node.put("algorithm", variant.algorithm().name())
                        .put("config", variant.configuration().text()));
        known.millis().ifPresent(median -> node.put("median_ms", median));
        node.put("trials", known.trials()).put("search", known.search()).put("file", known.file());
    }
}
