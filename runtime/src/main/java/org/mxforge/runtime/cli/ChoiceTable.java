package org.mxforge.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import org.mxforge.runtime.tune.search.Choice;
import org.mxforge.runtime.tune.wisdom.WisdomKey;

/** The variants that were chosen for the shapes of a model. */
final class ChoiceTable {
    private ChoiceTable() {}

    static Table table(Map<WisdomKey, Choice> choices) {
        Table table = new Table("KERNEL", "SHAPE", "VARIANT", "MS", "FROM");
        choices.forEach((key, choice) -> table.row(
                key.spec().identifier(),
                key.shape().text(),
                choice.configuration().text(),
                choice.timing()
                        .map(timing -> String.format(Locale.ROOT, "%.3f", timing.median()))
                        .orElse("-"),
                choice.origin().text()));
        return table;
    }

    static ArrayNode json(Map<WisdomKey, Choice> choices) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        choices.forEach((key, choice) -> {
            ObjectNode node = array.addObject()
                    .put("spec", key.spec().text())
                    .put("target", key.target().text())
                    .put("device", key.device())
                    .put("shape", key.shape().text())
                    .put("config", choice.configuration().text())
                    .put("from", choice.origin().text());
            choice.timing().ifPresent(timing -> node.put("median_ms", timing.median()));
        });
        return array;
    }
}
