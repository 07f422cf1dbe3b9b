package org.mxforge.runtime.cli.console;

/**
 * What may be printed of a text that came from a file, a checkpoint or a command line: nothing that moves a terminal's cursor, colours it,
 * hides text or turns its direction. Such characters appear as Java and JSON write them, {@code \\u001b}.
 */
public final class Printable {
    /** Longer sentences quote something that nobody reads to its end. */
    private static final int LONGEST_SENTENCE = 1_200;

    /** Specs and names of kernels are shorter. */
    private static final int LONGEST_CELL = 400;

    private Printable() {}

    /** One line, its middle left out where it is very long: what it is about stands in the front, and what to do at the end. */
    public static String sentence(String text) {
        // Shortened first, since escapes make a text longer; a cut within a pair of surrogates is escaped.
        return escaped(shortened(text.strip(), LONGEST_SENTENCE).replaceAll("\\s*\\R\\s*", " "), "");
    }

    /** A cell of a table. */
    static String cell(String text) {
        return escaped(shortened(text, LONGEST_CELL), "");
    }

    /** Lines of text. */
    public static String lines(String text) {
        return escaped(text, "\n\t");
    }

    private static String shortened(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int head = most / 2;
        int tail = most / 4;
        return text.substring(0, head) + "... (" + (text.length() - head - tail) + " characters left out) ..."
                + text.substring(text.length() - tail);
    }

    private static String escaped(String text, String kept) {
        if (text.codePoints().noneMatch(point -> isActive(point) && kept.indexOf(point) < 0)) {
            return text;
        }
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (isActive(point) && kept.indexOf(point) < 0) {
                for (char unit : Character.toChars(point)) {
                    printable.append("\\u").append(hex(unit));
                }
            } else {
                printable.appendCodePoint(point);
            }
        });
        return printable.toString();
    }

    private static String hex(char unit) {
        return Integer.toHexString(0x10000 | unit).substring(1);
    }

    /** Whether a terminal does something else with it than showing it. */
    private static boolean isActive(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            // Scripts and emoji need joiners; whatever else formats is not seen, or turns the direction.
            case Character.FORMAT -> point != 0x200c && point != 0x200d;
            default -> false;
        };
    }
}
