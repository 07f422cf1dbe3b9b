package org.mxforge.dsl.layout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The formulas of a page: blocks of {@code name = expression} lines, evaluated in order, as a reader would who knows C.
 *
 * @param definitions by name
 * @param examples what values, and what must come of them
 */
record PageFormulas(Map<String, String> definitions, List<Example> examples) {
    /** Values that are given, and values that follow. */
    record Example(Map<String, Long> given, Map<String, Long> following) {}

    private static final Pattern BLOCK = Pattern.compile("(?s)```formula ([^\\n]+)\\n(.*?)```");
    private static final Pattern VALUE = Pattern.compile("(\\w+) ?= ?(\\d+)");

    /** The blocks of {@code page}, by their names. */
    static Map<String, PageFormulas> of(Path page) throws IOException {
        Map<String, PageFormulas> blocks = new LinkedHashMap<>();
        Matcher block = BLOCK.matcher(Files.readString(page));
        while (block.find()) {
            Map<String, String> definitions = new LinkedHashMap<>();
            List<Example> examples = new ArrayList<>();
            for (String line : block.group(2).lines().toList()) {
                if (line.startsWith("example ")) {
                    int colon = line.indexOf(':');
                    examples.add(new Example(values(line.substring(0, colon)), values(line.substring(colon))));
                } else {
                    int equals = line.indexOf('=');
                    definitions.put(line.substring(0, equals).strip(), line.substring(equals + 1));
                }
            }
            blocks.put(block.group(1), new PageFormulas(definitions, examples));
        }
        return blocks;
    }

    private static Map<String, Long> values(String text) {
        Map<String, Long> values = new LinkedHashMap<>();
        Matcher value = VALUE.matcher(text);
        while (value.find()) {
            values.put(value.group(1), Long.valueOf(value.group(2)));
        }
        return values;
    }

    /** All values that can be computed from {@code given}, which groups follow from too, and {@code given}. */
    Map<String, Long> values(Map<String, Long> given) {
        Map<String, Long> values = new LinkedHashMap<>(given);
        if (given.containsKey("k")) {
            values.putIfAbsent("g", given.get("k") / 32);
        }
        definitions.forEach((name, expression) -> {
            Reader reader = new Reader(expression, values);
            if (reader.isComplete()) {
                values.put(name, reader.value());
            }
        });
        return values;
    }

    /** One value; the names and values that it follows from are given in turn. */
    long value(String name, Object... given) {
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < given.length; i += 2) {
            values.put((String) given[i], ((Number) given[i + 1]).longValue());
        }
        return values(values).get(name);
    }

    /** Evaluates an expression of C. */
    private static final class Reader {
        /** From the loosest to the tightest. */
        private static final List<List<String>> OPERATORS = List.of(
                List.of("^"), List.of("=="), List.of("<", ">", ">="), List.of("+", "-"), List.of("*", "/", "%"));

        private final List<String> tokens = new ArrayList<>();
        private final Map<String, Long> values;
        private int at;

        Reader(String expression, Map<String, Long> values) {
            this.values = values;
            Matcher token = Pattern.compile("\\w+|[<>=]=|[-+*/%^()<>]").matcher(expression);
            while (token.find()) {
                tokens.add(token.group());
            }
        }

        boolean isComplete() {
            return tokens.stream()
                    .filter(token -> token.matches("[A-Za-z]\\w*"))
                    .allMatch(values::containsKey);
        }

        long value() {
            long value = value(0);
            if (at != tokens.size()) {
                throw new IllegalArgumentException("bad formula: " + tokens);
            }
            return value;
        }

        private long value(int level) {
            if (level == OPERATORS.size()) {
                return atom();
            }
            long value = value(level + 1);
            while (at < tokens.size() && OPERATORS.get(level).contains(tokens.get(at))) {
                value = apply(tokens.get(at++), value, value(level + 1));
            }
            return value;
        }

        private long atom() {
            String token = tokens.get(at++);
            if (token.equals("(")) {
                long value = value(0);
                at++;
                return value;
            }
            return Character.isDigit(token.charAt(0)) ? Long.parseLong(token) : values.get(token);
        }

        private static long apply(String operator, long left, long right) {
            return switch (operator) {
                case "^" -> left ^ right;
                case "==" -> left == right ? 1 : 0;
                case "<" -> left < right ? 1 : 0;
                case ">" -> left > right ? 1 : 0;
                case ">=" -> left >= right ? 1 : 0;
                case "+" -> left + right;
                case "-" -> left - right;
                case "*" -> left * right;
                case "/" -> left / right;
                default -> left % right;
            };
        }
    }
}
