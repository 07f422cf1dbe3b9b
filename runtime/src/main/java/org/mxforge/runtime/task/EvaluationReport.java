package org.mxforge.runtime.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.files.UserOutput;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * What came of an evaluation. Its file is JSON: {@code results}, {@code n-samples} and {@code n-shot} in the form in which
 * lm-evaluation-harness hands its own to MicroMix, {@code config}, and {@code samples}, for each task columns of numbers for all items.
 */
public final class EvaluationReport {
    private static final long LIMIT = 1L << 30;
    private static final String SAMPLES = "samples";
    private static final String IDS = "ids";

    /**
     * A line of the results.
     *
     * @param name of a task, or of a group of its items
     * @param depth 0 of a task, 1 of its groups, 2 of these' groups
     * @param shots examples in a prompt
     * @param items that it is over
     */
    public record Row(String name, int depth, int shots, int items, Metric metric, Metric.Estimate estimate) {}

    private final ObjectNode document;
    private final List<Row> rows;

    private EvaluationReport(ObjectNode document, List<Row> rows) {
        this.document = document;
        this.rows = List.copyOf(rows);
    }

    static EvaluationReport of(ObjectNode settings, Map<Task, List<Outcome>> outcomes, Map<Task, Integer> shots) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        List<Row> rows = new ArrayList<>();
        outcomes.forEach((task, own) -> addRows(rows, task, shots.get(task), own));
        ObjectNode results = document.putObject("results");
        ObjectNode counts = document.putObject("n-samples");
        ObjectNode examples = document.putObject("n-shot");
        for (Row row : rows) {
            ObjectNode result = results.withObjectProperty(row.name()).put("alias", row.name());
            put(result, row.metric().key(), row.estimate().value());
            put(result, row.metric().errorKey(), row.estimate().error());
            counts.withObjectProperty(row.name()).put("effective", row.items());
            examples.put(row.name(), row.shots());
        }
        document.set("config", settings);
        ObjectNode samples = document.putObject(SAMPLES);
        outcomes.forEach((task, own) -> addSamples(samples.putObject(task.name()), task, own));
        return new EvaluationReport(document, rows);
    }

    /** The task, then its groups in the order in which they come, the coarse ones first. */
    private static void addRows(List<Row> rows, Task task, int shots, List<Outcome> outcomes) {
        addRows(rows, task.name(), 0, task, shots, outcomes);
        int levels = outcomes.stream()
                .mapToInt(outcome -> outcome.groups().size())
                .max()
                .orElse(0);
        for (int i = 0; i < levels; i++) {
            int level = i;
            Map<String, List<Outcome>> byGroup = new LinkedHashMap<>();
            outcomes.forEach(outcome -> byGroup.computeIfAbsent(outcome.groups().get(level), name -> new ArrayList<>())
                    .add(outcome));
            byGroup.forEach((name, own) -> addRows(rows, name, level + 1, task, shots, own));
        }
    }

    private static void addRows(List<Row> rows, String name, int depth, Task task, int shots, List<Outcome> outcomes) {
        for (Metric metric : task.metrics()) {
            Map<String, List<Double>> groups = new LinkedHashMap<>();
            outcomes.forEach(outcome -> groups.computeIfAbsent(outcome.finestGroup(), group -> new ArrayList<>())
                    .add(outcome.values().get(metric)));
            List<double[]> values = groups.values().stream()
                    .map(group -> group.stream().mapToDouble(value -> value).toArray())
                    .toList();
            rows.add(new Row(name, depth, shots, outcomes.size(), metric, metric.estimate(values)));
        }
    }

    private static void put(ObjectNode node, String key, double number) {
        if (Double.isFinite(number)) {
            node.put(key, number);
        } else {
            node.put(key, "N/A");
        }
    }

    private static void addSamples(ObjectNode node, Task task, List<Outcome> outcomes) {
        ArrayNode ids = node.putArray(IDS);
        outcomes.forEach(outcome -> ids.add(outcome.id()));
        for (Metric metric : task.metrics()) {
            ArrayNode column = node.putArray(metric.key());
            outcomes.forEach(outcome -> column.add(outcome.values().get(metric)));
        }
        outcomes.forEach(
                outcome -> outcome.evidence().properties().forEach(field -> node.withArrayProperty(field.getKey())
                        .add(field.getValue())));
    }

    /**
     * Reads the file of a report.
     *
     * @throws MxForgeException if it is none
     */
    public static EvaluationReport read(Path file) {
        String text = new InputFile("file of results", file).text(LIMIT);
        JsonFields fields = StrictJson.parse(file.toString(), text);
        fields.section(SAMPLES);
        return new EvaluationReport(fields.object(), List.of());
    }

    /** One line for each metric of each task and of its groups; none of a report that was read. */
    public List<Row> rows() {
        return rows;
    }

    /** All of it, as in its file. */
    public ObjectNode document() {
        return document.deepCopy();
    }

    /** What it was told of the run. */
    JsonFields config() {
        return new JsonFields("a file of results, config", (ObjectNode) document.path("config"));
    }

    /** A metric's value of each item by the item's name, by task. */
    Map<String, Map<Metric, Map<String, Double>>> samples() {
        Map<String, Map<Metric, Map<String, Double>>> all = new LinkedHashMap<>();
        JsonFields samples = new JsonFields("a file of results", document).section(SAMPLES);
        samples.object().fieldNames().forEachRemaining(task -> all.put(task, columns(samples.section(task))));
        return all;
    }

    private static Map<Metric, Map<String, Double>> columns(JsonFields task) {
        List<String> ids = task.texts(IDS);
        Map<Metric, Map<String, Double>> columns = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            if (task.has(metric.key())) {
                List<Double> values = task.numbers(metric.key(), -Double.MAX_VALUE, Double.MAX_VALUE);
                if (values.size() != ids.size()) {
                    throw task.bad(metric.key(), "a list of " + ids.size() + " numbers, one for each item");
                }
                Map<String, Double> column = new LinkedHashMap<>();
                for (int i = 0; i < ids.size(); i++) {
                    column.put(ids.get(i), values.get(i));
                }
                columns.put(metric, column);
            }
        }
        return columns;
    }

    void write(Path output) {
        ObjectMapper mapper = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        try {
            String text = mapper.writeValueAsString(document) + "\n";
            UserOutput.file(output, aside -> Files.writeString(aside, text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
