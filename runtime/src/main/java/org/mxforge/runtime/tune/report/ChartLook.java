package org.mxforge.runtime.tune.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A chart as a file of options of the chart library has it, whose series are given points. */
final class ChartLook {
    private final ObjectNode options;
    private final Map<String, ArrayNode> series = new LinkedHashMap<>();

    /** The options in {@code name}, a file among the resources beside this class. */
    ChartLook(String name) {
        options = PageFiles.options(name);
    }

    /**
     * Adds a point.
     *
     * @param id of the series
     * @param label shown at the point; empty for none
     */
    ObjectNode point(String id, double x, double y, String label) {
        ObjectNode point = data(id).addObject();
        point.putArray("value").add(x).add(y);
        if (!label.isEmpty()) {
            point.put("name", label);
        }
        return point;
    }

    /** Interrupts the line of a series. */
    void gap(String id) {
        data(id).addNull();
    }

    /** The points of a series. */
    ArrayNode data(String id) {
        return series.computeIfAbsent(id, unused -> JsonNodeFactory.instance.arrayNode());
    }

    boolean has(String id) {
        return series.containsKey(id);
    }

    /** Lets the only x axis go from the least to the largest value among the points, {@code times} as far at both ends. */
    void range(double times) {
        DoubleSummaryStatistics x = series.values().stream()
                .flatMap(data -> StreamSupport.stream(data.spliterator(), false))
                .filter(JsonNode::isObject)
                .mapToDouble(point -> point.get("value").get(0).doubleValue())
                .summaryStatistics();
        options.withObject("/xAxis").put("min", x.getMin() / times).put("max", x.getMax() * times);
    }

    /** The options themselves, for what depends on the data. */
    ObjectNode options() {
        return options;
    }

    /** The options with all points; a series without any is left out. */
    ObjectNode drawn() {
        ArrayNode drawn = JsonNodeFactory.instance.arrayNode();
        for (JsonNode style : options.withArray("series")) {
            ArrayNode data = series.get(style.get("id").textValue());
            if (data != null) {
                drawn.add(((ObjectNode) style).set("data", data));
            }
        }
        options.set("series", drawn);
        return options;
    }
}
