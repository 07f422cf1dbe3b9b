package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.cli.console.Table;
import org.mxforge.runtime.cli.console.VariantText;

/** The variants that were chosen for the shapes of a model. */
final class ChoiceTable {
    private ChoiceTable() {}

    static Table table(List<TunedKernel> kernels) {
        Table table = new Table("VARIANT", "MS", "FROM");
        Map<KernelSpec, List<TunedKernel>> bySpec = new LinkedHashMap<>();
        kernels.forEach(kernel -> bySpec.computeIfAbsent(kernel.variant().spec(), spec -> new ArrayList<>())
                .add(kernel));
        bySpec.forEach((spec, shapes) -> shapes.forEach(kernel -> table.under(spec.identifier(), kernel.shape())
                .row(
                        VariantText.of(kernel.variant()),
                        kernel.millis().isPresent()
                                ? String.format(
                                        Locale.ROOT, "%.3f", kernel.millis().getAsDouble())
                                : "-",
                        kernel.origin())));
        return table;
    }

    static ArrayNode json(List<TunedKernel> kernels) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        kernels.forEach(kernel -> {
            ObjectNode node = array.addObject()
                    .put("spec", kernel.variant().spec().text())
                    .put("target", kernel.variant().target().text())
                    .put("device", kernel.device())
                    .put("shape", kernel.shape())
                    .put("algorithm", kernel.variant().algorithm().name())
                    .put("config", kernel.variant().configuration().text())
                    .put("from", kernel.origin());
            kernel.millis().ifPresent(millis -> node.put("median_ms", millis));
        });
        return array;
    }
}
