package org.mxforge.runtime.cli.console;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in aligned columns: numbers to the right, everything else to the left. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... header) {
        this.header = List.of(header);
    }

    public Table row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells under " + header.size() + " heads");
        }
        rows.add(List.of(cells));
        return this;
    }

    List<String> lines() {
        List<List<String>> all = new ArrayList<>();
        all.add(header);
        all.addAll(rows);
        return all.stream().map(this::line).toList();
    }

    private String line(List<String> cells) {
        return IntStream.range(0, header.size())
                .mapToObj(column -> pad(cells.get(column), column))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }

    private String pad(String cell, int column) {
        String space = " ".repeat(width(column) - cell.length());
        return isNumeric(column) ? space + cell : cell + space;
    }

    private int width(int column) {
        int widest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(widest, header.get(column).length());
    }

    private boolean isNumeric(int column) {
        return rows.stream().allMatch(row -> row.get(column).matches("[-+]?[\\d,]+(\\.\\d+)?( ?[%kMG]i?B?)?|-|"));
    }
}
