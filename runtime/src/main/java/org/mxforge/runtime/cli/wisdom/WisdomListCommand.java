package org.mxforge.runtime.cli.wisdom;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mxforge.runtime.WisdomStore;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge wisdom list}: the winner of every shape. */
@Command(
        name = "list",
        description =
                "Lists what was tuned: the algorithm of the fastest right variant of each kernel and shape. 'wisdom"
                        + " show' tells its tiles, and those of all others that were tried.",
        footer = {
            "",
            "Examples:",
            "  mxforge wisdom list",
            "  mxforge wisdom list H100 mxgemm_e2m1xe2m1 n4096,k4096",
            "  mxforge wisdom list --json"
        })
final class WisdomListCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "Only what contains all of these in its device, kernel, shape or algorithm.")
    private List<String> filters = List.of();

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Map<String, Map<String, List<WisdomStore.Known>>> byDevice = new LinkedHashMap<>();
        WisdomStore.user().known().stream()
                .filter(known -> filters.stream().allMatch(filter -> mentions(known, filter)))
                .forEach(known -> byDevice.computeIfAbsent(known.device(), name -> new LinkedHashMap<>())
                        .computeIfAbsent(known.spec().identifier(), name -> new ArrayList<>())
                        .add(known));
        Table table = new Table("SHAPE", "ALGORITHM", "MS", "TRIALS", "SEARCH");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        byDevice.forEach((device, byKernel) -> byKernel.forEach((kernel, shapes) -> {
            table.under(device, kernel);
            shapes.forEach(known -> add(known, table, document));
        }));
        if (document.isEmpty()) {
            console.line(
                    filters.isEmpty() ? "nothing was tuned yet: 'mxforge tune' begins" : "nothing like that was tuned");
        } else {
            console.table(table);
        }
        console.document(document);
        return 0;
    }

    private static boolean mentions(WisdomStore.Known known, String filter) {
        return Stream.of(known.device(), known.spec().identifier(), known.shape(), algorithm(known))
                .anyMatch(text -> text.contains(filter));
    }

    private static String algorithm(WisdomStore.Known known) {
        return known.variant().map(variant -> variant.algorithm().name()).orElse("-");
    }

    private static void add(WisdomStore.Known known, Table table, ArrayNode document) {
        String millis = known.millis().isPresent()
                ? String.format(Locale.ROOT, "%.4f", known.millis().getAsDouble())
                : "-";
        table.row(known.shape(), algorithm(known), millis, String.valueOf(known.trials()), known.search());
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
