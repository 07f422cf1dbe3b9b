package org.mxforge.runtime.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of text in aligned columns: numbers to the right, everything else to the left. A row is one line however long it gets, since its
 * cells are names that people copy and search for.
 */
public final class Table {
    private static final int GAP = 2;
    private static final String NUMBER = "[-+]?[\\d,]+(\\.\\d+)?( ?[%kMG]i?B?)?|-|";

    private final List<List<String>> rows = new ArrayList<>();
    private final int heads;
    private final int columns;

    /** A table under heads, one a column. */
    public Table(String... header) {
        this(1, header.length);
        row(header);
    }

    private Table(int heads, int columns) {
        this.heads = heads;
        this.columns = columns;
    }

    public static Table withoutHeader(int columns) {
        return new Table(0, columns);
    }

    public Table row(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells in a table of " + columns);
        }
        rows.add(Arrays.stream(cells).map(Printable::cell).toList());
        return this;
    }

    /** A line across all columns, under which the rows after it belong. */
    public Table section(String title) {
        rows.add(List.of(Printable.cell(title)));
        return this;
    }

    /** As text; heads and sections as {@code style} shows them. */
    List<String> lines(Style style) {
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        boolean[] numeric = new boolean[columns];
        IntStream.range(0, columns).forEach(i -> numeric[i] = isNumeric(i));
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<String> row = rows.get(i);
            String line = isSection(row) ? row.get(0) : line(row, widths, numeric);
            lines.add(i < heads || isSection(row) ? style.head(line) : line);
        }
        return lines;
    }

    private static String line(List<String> row, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - length(row.get(i)));
            line.append(numeric[i] ? blanks + row.get(i) : row.get(i) + blanks).append(" ".repeat(GAP));
        }
        return line.toString().stripTrailing();
    }

    private boolean isSection(List<String> row) {
        return row.size() < columns;
    }

    private Stream<List<String>> cells() {
        return rows.stream().filter(row -> !isSection(row));
    }

    private int width(int column) {
        return cells().mapToInt(row -> length(row.get(column))).max().orElse(0);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private boolean isNumeric(int column) {
        return cells().skip(heads).allMatch(row -> row.get(column).matches(NUMBER));
    }
}
