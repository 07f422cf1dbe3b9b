package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.Callable;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.target.Target;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mxforge kernels list}: the standard catalogue. */
@Command(
        name = "list",
        description = "Lists the standard catalogue; any other spec can be shown and compiled too.",
        footer = {"", "Examples:", "  mxforge kernels list", "  mxforge kernels list --target cpu --json"})
final class KernelsListCommand implements Callable<Integer> {
    @Option(
            names = "--target",
            paramLabel = "TARGET",
            defaultValue = "sm_80",
            converter = TargetConverter.class,
            description = "cpu, sm_80, sm_90a, sm_100a or sm_120a; default ${DEFAULT-VALUE}.")
    private Target target;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Console console = output.console();
        List<KernelVariant> variants = target.isGpu() ? Catalogue.cuda() : Catalogue.cpu();
        Table table = new Table("NAME", "VARIANTS", "SPEC");
        ArrayNode document = JsonNodeFactory.instance.arrayNode();
        for (KernelVariant variant : variants) {
            int count = variant.spec().space(target).legal().size();
            table.row(
                    variant.spec().identifier(),
                    String.valueOf(count),
                    variant.spec().text());
            document.addObject()
                    .put("name", variant.spec().identifier())
                    .put("spec", variant.spec().text())
                    .put("target", target.text())
                    .put("variants", count)
                    .put(
                            "default",
                            KernelVariant.of(variant.spec(), target)
                                    .configuration()
                                    .text());
        }
        console.table(table);
        console.document(document);
        return 0;
    }
}
