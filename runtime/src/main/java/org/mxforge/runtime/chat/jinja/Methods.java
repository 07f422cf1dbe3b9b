package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;

/** Methods of texts and maps. */
final class Methods {
    private Methods() {}

    /** A method of {@code owner}, which is not defined where there is none of that name. */
    static Object of(Object owner, String name) {
        if (owner instanceof String text) {
            return ofText(text, name);
        }
        if (owner instanceof Map<?, ?> map) {
            return ofMap(map, name);
        }
        return Values.UNDEFINED;
    }

    private static Expression.Callable method(java.util.function.Function<List<Object>, Object> body) {
        return (arguments, named) -> body.apply(arguments);
    }

    private static Object ofText(String text, String name) {
        return switch (name) {
            case "strip" -> method(given -> strip(text, characters(given), true, true));
            case "lstrip" -> method(given -> strip(text, characters(given), true, false));
            case "rstrip" -> method(given -> strip(text, characters(given), false, true));
            case "startswith" -> method(given -> starts(text, given.get(0), false));
            case "endswith" -> method(given -> starts(text, given.get(0), true));
            case "upper" -> method(given -> text.toUpperCase(Locale.ROOT));
            case "lower" -> method(given -> text.toLowerCase(Locale.ROOT));
            case "capitalize" -> method(given -> capitalized(text));
            case "title" -> method(given -> titled(text));
            case "replace" -> method(given -> text.replace(Values.text(given.get(0)), Values.text(given.get(1))));
            case "find" -> method(given -> (long) text.indexOf(Values.text(given.get(0))));
            case "split" -> method(given -> split(text, given));
            case "splitlines" ->
                method(given -> new ArrayList<Object>(text.lines().toList()));
            case "join" ->
                method(given -> String.join(
                        text,
                        Values.list(given.get(0)).stream().map(Values::text).toList()));
            default -> Values.UNDEFINED;
        };
    }

    private static Object ofMap(Map<?, ?> map, String name) {
        return switch (name) {
            case "items" -> method(given -> items(map));
            case "keys" -> method(given -> new ArrayList<Object>(map.keySet()));
            case "values" -> method(given -> new ArrayList<Object>(map.values()));
            case "get" ->
                method(given ->
                        map.containsKey(given.get(0)) ? map.get(given.get(0)) : given.size() > 1 ? given.get(1) : null);
            default -> Values.UNDEFINED;
        };
    }

    /** Pairs of keys and values. */
    static List<Object> items(Map<?, ?> map) {
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, value) -> pairs.add(Arrays.asList(key, value)));
        return pairs;
    }

    /** Which are taken off; null for white space. */
    private static String characters(List<Object> given) {
        return given.isEmpty() ? null : Values.text(given.get(0));
    }

    static String strip(String text, String characters, boolean begin, boolean end) {
        int from = 0;
        int to = text.length();
        while (begin && from < to && isIn(characters, text.charAt(from))) {
            from++;
        }
        while (end && to > from && isIn(characters, text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isIn(String characters, char c) {
        return characters == null ? Character.isWhitespace(c) || Character.isSpaceChar(c) : characters.indexOf(c) >= 0;
    }

    static String strip(String text) {
        return strip(text, null, true, true);
    }

    private static boolean starts(String text, Object given, boolean end) {
        List<Object> all = given instanceof String ? List.of(given) : Values.list(given);
        return all.stream().map(Values::text).anyMatch(part -> end ? text.endsWith(part) : text.startsWith(part));
    }

    private static List<Object> split(String text, List<Object> given) {
        if (given.isEmpty() || given.get(0) == null) {
            String stripped = strip(text);
            return stripped.isEmpty() ? new ArrayList<>() : new ArrayList<>(List.of(stripped.split("\\s+")));
        }
        String separator = Values.text(given.get(0));
        if (separator.isEmpty()) {
            throw new MxForgeException("a chat template splits a text at nothing");
        }
        int most = given.size() > 1 ? (int) Values.whole(given.get(1)) + 1 : -1;
        return new ArrayList<>(List.of(text.split(Pattern.quote(separator), most)));
    }

    static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    static String titled(String text) {
        return Pattern.compile("[A-Za-z]+").matcher(text).replaceAll(word -> capitalized(word.group()));
    }
}
