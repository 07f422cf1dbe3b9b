package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.runtime.cli.console.Console;
import org.mxforge.runtime.cli.console.OutputOptions;
import org.mxforge.runtime.cli.console.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code mxforge kernels list}: the standard catalogue. */
@Command(
        name = "list",
        description = "Lists the standard catalogue; any other spec can be shown and compiled too.",
        footer = {"", "Examples:", "  mxforge kernels list", "  mxforge kernels list --target cpu --json"})
final class KernelsListCommand implements Callable<Integer> {
    @Mixin
    private TargetOption option;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        Table table = new Table("NAME", "VARIANTS", "SPEC");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (KernelVariant variant : option.catalogue()) {
            int variants = variant.algorithm()
                    .space(variant.spec(), variant.target())
                    .legal()
                    .size();
            table.row(
                    variant.identifier(),
                    String.valueOf(variants),
                    variant.spec().text());
            document.addObject()
                    .put("name", variant.identifier())
                    .put("spec", variant.spec().text())
                    .put("algorithm", variant.algorithm().name())
                    .put("target", variant.target().text())
                    .put("variants", variants)
                    .put("default", variant.configuration().text());
        }
        console.table(table);
        console.document(document);
        return 0;
    }
}
