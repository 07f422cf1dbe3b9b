package org.mxforge.runtime.cli.kernels;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.spec.KernelSpec;
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
        for (KernelSpec spec : option.catalogue()) {
            ConfigSpace space = spec.space(option.target());
            int variants = space.legal().size();
            table.row(spec.identifier(), String.valueOf(variants), spec.text());
            document.addObject()
                    .put("name", spec.identifier())
                    .put("spec", spec.text())
                    .put("target", option.target().text())
                    .put("variants", variants)
                    .put("default", space.defaultConfiguration().text());
        }
        console.table(table);
        console.document(document);
        return 0;
    }
}
