package org.mxforge.runtime.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;

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

    List<String> lines() {
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        Column[] layout = IntStream.range(0, columns)
                .mapToObj(i -> new Column(gap(i) + widths[i], gap(i), Column.Overflow.TRUNCATE))
                .toArray(Column[]::new);
        TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), layout);
        boolean[] numeric = new boolean[columns];
        IntStream.range(0, columns).forEach(i -> numeric[i] = isNumeric(i));
        for (List<String> row : rows) {
            table.addRowValues(IntStream.range(0, columns)
                    .mapToObj(
                            i -> numeric[i] ? " ".repeat(widths[i] - row.get(i).length()) + row.get(i) : row.get(i))
                    .toArray(String[]::new));
        }
        return Arrays.asList(table.toString().split("\\R"));
    }

    private static int gap(int column) {
        return column == 0 ? 0 : GAP;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }

    private boolean isNumeric(int column) {
        return rows.stream().skip(heads).allMatch(row -> row.get(column).matches(NUMBER));
    }
}
