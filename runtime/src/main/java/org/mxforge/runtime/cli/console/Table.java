package org.mxforge.runtime.cli.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of text in aligned columns: numbers to the right, everything else to the left. Names, which people copy and search for, are never
 * cut; what they are about stands above its rows, so that a line fits a terminal, and a sentence in the last column goes on below itself.
 */
public final class Table {
    /** Columns of a terminal. */
    private static final int WIDTH = 80;

    private static final int GAP = 2;

    /** What goes on below a row begins here. */
    private static final int INDENT = 4;

    /** A column of fewer characters is too narrow for sentences. */
    private static final int NARROWEST = 24;

    private static final String NUMBER = "[-+]?[\\d,]+(\\.\\d+)?( ?[%kMG]i?B?)?|-|";

    /** A line of the table, or several that belong together. */
    private sealed interface Entry {}

    private record Head(List<String> cells) implements Entry {}

    private record Row(List<String> cells) implements Entry {}

    private record Section(String title) implements Entry {}

    private record Remark(String text) implements Entry {}

    private final List<Entry> entries = new ArrayList<>();
    private final int columns;
    private List<String> above = List.of();

    /** A table under heads, one a column. */
    public Table(String... header) {
        this(header.length);
        entries.add(new Head(cells(header)));
    }

    private Table(int columns) {
        this.columns = columns;
    }

    public static Table withoutHeader(int columns) {
        return new Table(columns);
    }

    public Table row(String... cells) {
        List<String> printable = new ArrayList<>(cells(cells));
        printable.set(0, " ".repeat(above.size()) + printable.get(0));
        entries.add(new Row(printable));
        return this;
    }

    private List<String> cells(String... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException("a row of " + cells.length + " cells in a table of " + columns);
        }
        return Arrays.stream(cells).map(Printable::cell).toList();
    }

    /** A line across all columns. */
    public Table section(String title) {
        entries.add(new Section(Printable.cell(title)));
        return this;
    }

    /**
     * What the rows that follow are about, the widest first: lines across all columns, of which those are left out that the rows before were
     * about too. Each begins a blank further to the right than the one above it, as the rows do.
     */
    public Table under(String... titles) {
        List<String> wanted = List.of(titles);
        int same = 0;
        while (same < Math.min(above.size(), wanted.size()) && above.get(same).equals(wanted.get(same))) {
            same++;
        }
        for (int i = same; i < wanted.size(); i++) {
            section(" ".repeat(i) + wanted.get(i));
        }
        above = wanted;
        return this;
    }

    /** A sentence about the row before it, below that. */
    public Table remark(String text) {
        entries.add(new Remark(Printable.cell(text)));
        return this;
    }

    /** As text; heads and sections as {@code style} shows them. */
    List<String> lines(Style style) {
        int[] widths = IntStream.range(0, columns).map(this::width).toArray();
        boolean[] numeric = new boolean[columns];
        IntStream.range(0, columns).forEach(i -> numeric[i] = isNumeric(i));
        return entries.stream()
                .flatMap(entry -> {
                    if (entry instanceof Head head) {
                        return Stream.of(style.head(line(head.cells(), widths, numeric)));
                    }
                    if (entry instanceof Section section) {
                        return Stream.of(style.head(section.title()));
                    }
                    return entry instanceof Remark remark
                            ? wrapped(remark.text(), INDENT)
                            : row(((Row) entry).cells(), widths, numeric);
                })
                .toList();
    }

    private Stream<String> row(List<String> cells, int[] widths, boolean[] numeric) {
        String whole = line(cells, widths, numeric);
        String last = cells.get(columns - 1);
        if (length(whole) <= WIDTH || numeric[columns - 1] || last.isEmpty()) {
            return Stream.of(whole);
        }
        List<String> others = new ArrayList<>(cells);
        others.set(columns - 1, "");
        String front = line(others, widths, numeric);
        int begin = IntStream.range(0, columns - 1).map(i -> widths[i] + GAP).sum();
        int longest =
                Arrays.stream(last.split(" ")).mapToInt(Table::length).max().orElse(0);
        if (begin + Math.max(longest, NARROWEST) > WIDTH) {
            return Stream.concat(Stream.of(front), wrapped(last, INDENT));
        }
        List<String> pieces = wrapped(last, begin).collect(Collectors.toCollection(ArrayList::new));
        pieces.set(0, front + pieces.get(0).substring(length(front)));
        return pieces.stream();
    }

    /** Lines of whole words, each behind {@code indent} blanks. */
    private static Stream<String> wrapped(String text, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (!line.isEmpty() && indent + length(line.toString()) + 1 + length(word) > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines.stream().map(words -> " ".repeat(indent) + words);
    }

    private static String line(List<String> row, int[] widths, boolean[] numeric) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String blanks = " ".repeat(widths[i] - length(row.get(i)));
            line.append(numeric[i] ? blanks + row.get(i) : row.get(i) + blanks).append(" ".repeat(GAP));
        }
        return line.toString().stripTrailing();
    }

    private Stream<List<String>> rows() {
        return entries.stream().filter(Row.class::isInstance).map(entry -> ((Row) entry).cells());
    }

    private int width(int column) {
        Stream<List<String>> heads =
                entries.stream().filter(Head.class::isInstance).map(entry -> ((Head) entry).cells());
        return Stream.concat(heads, rows())
                .mapToInt(row -> length(row.get(column)))
                .max()
                .orElse(0);
    }

    private static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }

    private boolean isNumeric(int column) {
        return rows().allMatch(row -> row.get(column).strip().matches(NUMBER));
    }
}
