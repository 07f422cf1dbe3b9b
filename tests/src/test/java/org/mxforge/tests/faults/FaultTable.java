package org.mxforge.tests.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Faults and who found them. */
final class FaultTable {
    /** Of a name: with it and a finder a line has 80 columns. */
    static final int WIDTH = 50;

    private final Map<Fault, FaultProbe.Found> rows = new LinkedHashMap<>();

    void add(Fault fault, FaultProbe.Found found) {
        rows.put(fault, found);
    }

    /** For a terminal. */
    String text() {
        return row("FAULT", "FOUND BY")
                + rows.entrySet().stream()
                        .map(row -> row(
                                row.getKey().name(), row.getValue().verdict().finder()))
                        .collect(Collectors.joining());
    }

    private static String row(String fault, Object finder) {
        return String.format("%-" + WIDTH + "s  %s%n", fault, finder);
    }

    /** For a page. */
    String markdown() {
        return "| fault | in | found by |\n|---|---|---|\n"
                + rows.entrySet().stream()
                        .map(row -> "| " + row.getKey().name() + " | `"
                                + row.getKey().place() + "` | "
                                + row.getValue().verdict().finder() + " |\n")
                        .collect(Collectors.joining());
    }

    private String json() throws IOException {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        rows.forEach((fault, found) -> all.addObject()
                .put("fault", fault.name())
                .put("file", fault.file())
                .put("right", fault.right())
                .put("wrong", fault.wrong())
                .put("case", found.kernel().check().text())
                .put("found_by", found.verdict().finder().toString())
                .put("finding", found.verdict().sentence()));
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n";
    }

    /** Writes {@code faults.md} and {@code faults.json}. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("faults.md"), markdown());
        Files.writeString(folder.resolve("faults.json"), json());
    }
}
