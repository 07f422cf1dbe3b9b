package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mxforge kernels list}: the standard catalogue. */
@Command(
        name = "list",
        description =
                "Lists the standard catalogue: what each kernel is called, by which algorithms it can be computed, and how many"
                        + " variants each has. Any other spec can be shown and compiled too.",
        footer = {
            "",
            "Examples:",
            "  mxforge kernels list",
            "  mxforge kernels list mxgemm wgmma --target sm_90a",
            "  mxforge kernels list --target cpu --json"
        })
final class KernelsListCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..*",
            paramLabel = "TEXT",
            description = "Only kernels whose names, algorithm included, contain all of these.")
    private List<String> filters = List.of();

    @Mixin
    private TargetOption option;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Map<String, List<KernelVariant>> bySpec = new LinkedHashMap<>();
        option.catalogue().stream()
                .filter(variant -> filters.stream().allMatch(variant.identifier()::contains))
                .forEach(variant -> bySpec.computeIfAbsent(variant.spec().identifier(), name -> new ArrayList<>())
                        .add(variant));
        Table table = Table.withoutHeader(2);
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        bySpec.forEach((name, variants) -> {
            table.section(name);
            variants.forEach(variant -> add(variant, table, document));
        });
        if (document.isEmpty()) {
            console.line("the catalogue for " + option.target().text() + " has no such kernel");
        } else {
            console.table(table);
        }
        console.document(document);
        return 0;
    }

    private static void add(KernelVariant variant, Table table, ArrayNode document) {
        int variants = variant.algorithm()
                .space(variant.spec(), variant.target())
                .legal()
                .size();
        table.row("  " + variant.algorithm().name(), variants + (variants == 1 ? " variant" : " variants"));
        document.addObject()
                .put("name", variant.identifier())
                .put("spec", variant.spec().text())
                .put("algorithm", variant.algorithm().name())
                .put("target", variant.target().text())
                .put("variants", variants)
                .put("default", variant.configuration().text());
    }
}
