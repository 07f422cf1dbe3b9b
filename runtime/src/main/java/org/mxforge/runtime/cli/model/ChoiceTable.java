package org.mxforge.runtime.cli.model;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.mxforge.runtime.TunedKernel;
import org.mxforge.runtime.cli.console.Table;

/** The variants that were chosen for the shapes of a model. */
final class ChoiceTable {
    private ChoiceTable() {}

    static Table table(List<TunedKernel> kernels) {
        Table table = new Table("KERNEL", "SHAPE", "VARIANT", "MS", "FROM");
        kernels.forEach(kernel -> table.row(
                kernel.spec().identifier(),
                kernel.shape(),
                kernel.configuration().text(),
                kernel.millis().isPresent()
                        ? String.format(Locale.ROOT, "%.3f", kernel.millis().getAsDouble())
                        : "-",
                kernel.origin()));
        return table;
    }

    static ArrayNode json(List<TunedKernel> kernels) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        kernels.forEach(kernel -> {
            ObjectNode node = array.addObject()
                    .put("spec", kernel.spec().text())
                    .put("target", kernel.target().text())
                    .put("device", kernel.device())
                    .put("shape", kernel.shape())
                    .put("config", kernel.configuration().text())
                    .put("from", kernel.origin());
            kernel.millis().ifPresent(millis -> node.put("median_ms", millis));
        });
        return array;
    }
}
