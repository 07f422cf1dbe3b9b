package org.mxforge.runtime.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * What came of an item.
 *
 * @param task its task's name
 * @param id its name in the task
 * @param groups what it counts for beside the task, the finest last
 * @param values for each metric of the task
 * @param evidence what these come from
 */
record Outcome(String task, String id, List<String> groups, Map<Metric, Double> values, ObjectNode evidence) {
    private static final String VALUES = "values";

    ObjectNode json() {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("task", task).put("id", id);
        ArrayNode names = node.putArray("groups");
        groups.forEach(names::add);
        ObjectNode numbers = node.putObject(VALUES);
        values.forEach((metric, value) -> numbers.put(metric.name(), value));
        node.set("evidence", evidence);
        return node;
    }

    static Outcome read(JsonFields line) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        JsonFields numbers = line.section(VALUES);
        for (Metric metric : Metric.values()) {
            if (numbers.has(metric.name())) {
                values.put(metric, numbers.number(metric.name(), -Double.MAX_VALUE, Double.MAX_VALUE));
            }
        }
        return new Outcome(
                line.text("task"),
                line.text("id"),
                line.texts("groups"),
                values,
                line.section("evidence").object());
    }

    /** The smallest group that it is in, within which its variance is told. */
    String finestGroup() {
        return groups.isEmpty() ? task : groups.get(groups.size() - 1);
    }
}
