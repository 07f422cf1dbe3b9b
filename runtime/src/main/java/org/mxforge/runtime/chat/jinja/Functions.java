package org.mxforge.runtime.chat.jinja;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.mxforge.runtime.base.MxForgeException;

/** Functions, filters and tests that templates have. */
final class Functions {
    /** What each template can call; no clock, so that runs repeat: templates have a date of their own where there is none. */
    static final Map<String, Expression.Callable> GLOBAL = Map.of(
            "namespace", (given, named) -> new Namespace(new LinkedHashMap<>(named)),
            "dict", (given, named) -> new LinkedHashMap<>(named),
            "range", (given, named) -> range(given),
            "raise_exception",
                    (given, named) -> {
                        throw new MxForgeException(
                                "the chat template refuses the messages: " + Values.text(given.get(0)));
                    });

    private static final Set<String> FILTERS = Set.of(
            "trim",
            "length",
            "count",
            "upper",
            "lower",
            "capitalize",
            "title",
            "string",
            "int",
            "float",
            "list",
            "first",
            "last",
            "join",
            "replace",
            "default",
            "d",
            "items",
            "reverse",
            "tojson",
            "safe",
            "map",
            "selectattr",
            "rejectattr");

    private static final Set<String> TESTS = Set.of(
            "defined",
            "undefined",
            "none",
            "string",
            "number",
            "integer",
            "boolean",
            "mapping",
            "iterable",
            "sequence",
            "true",
            "false",
            "equalto",
            "eq",
            "ne",
            "in",
            "odd",
            "even",
            "divisibleby",
            "callable");

    private static final int LONGEST_RANGE = 1 << 16;

    private Functions() {}

    /** Values that a template may change within its loops. */
    record Namespace(Map<String, Object> values) {}

    private static List<Object> range(List<Object> given) {
        long from = given.size() > 1 ? Values.whole(given.get(0)) : 0;
        long to = Values.whole(given.get(given.size() > 1 ? 1 : 0));
        if (to - from > LONGEST_RANGE) {
            throw new MxForgeException("a chat template goes over " + (to - from) + " numbers");
        }
        return LongStream.range(from, Math.max(from, to)).boxed().collect(Collectors.toList());
    }

    static void requireFilter(String name) {
        if (!FILTERS.contains(name)) {
            throw new MxForgeException("a chat template has the filter '" + name + "', which is not supported here");
        }
    }

    static void requireTest(String name) {
        if (!TESTS.contains(name)) {
            throw new MxForgeException("a chat template has the test '" + name + "', which is not supported here");
        }
    }

    static Object filter(String name, Object value, List<Object> given, Map<String, Object> named) {
        return switch (name) {
            case "trim" -> Methods.strip(Values.text(value));
            case "length", "count" -> (long) Values.list(value).size();
            case "upper" -> Values.text(value).toUpperCase(Locale.ROOT);
            case "lower" -> Values.text(value).toLowerCase(Locale.ROOT);
            case "capitalize" -> Methods.capitalized(Values.text(value));
            case "title" -> Methods.titled(Values.text(value));
            case "string", "safe" -> Values.text(value);
            case "int" -> (long) Double.parseDouble(Values.text(value));
            case "float" -> Double.parseDouble(Values.text(value));
            case "list" -> Values.list(value);
            case "first" -> Values.item(Values.list(value), 0L);
            case "last" -> Values.item(Values.list(value), -1L);
            case "join" -> joined(value, given, named);
            case "replace" -> Values.text(value).replace(Values.text(given.get(0)), Values.text(given.get(1)));
            case "default", "d" -> fallback(value, given);
            case "items" -> Methods.items((Map<?, ?>) value);
            case "reverse" -> reversed(value);
            case "tojson" -> json(value, named.get("indent"));
            case "map" -> mapped(value, given, named);
            default -> selected(value, given, name.equals("selectattr"));
        };
    }

    private static Object joined(Object value, List<Object> given, Map<String, Object> named) {
        String attribute = named.containsKey("attribute") ? Values.text(named.get("attribute")) : null;
        return Values.list(value).stream()
                .map(part -> Values.text(attribute == null ? part : Values.attribute(part, attribute)))
                .collect(Collectors.joining(given.isEmpty() ? "" : Values.text(given.get(0))));
    }

    private static Object fallback(Object value, List<Object> given) {
        Object other = given.isEmpty() ? "" : given.get(0);
        boolean alsoEmpty = given.size() > 1 && Values.isTrue(given.get(1));
        return value == Values.UNDEFINED || alsoEmpty && !Values.isTrue(value) ? other : value;
    }

    private static Object reversed(Object value) {
        List<Object> all = new ArrayList<>(Values.list(value));
        Collections.reverse(all);
        return value instanceof String ? all.stream().map(Values::text).collect(Collectors.joining()) : all;
    }

    private static Object mapped(Object value, List<Object> given, Map<String, Object> named) {
        List<Object> all = new ArrayList<>();
        for (Object part : Values.list(value)) {
            if (named.containsKey("attribute")) {
                all.add(Values.attribute(part, Values.text(named.get("attribute"))));
            } else {
                String name = Values.text(given.get(0));
                requireFilter(name);
                all.add(filter(name, part, given.subList(1, given.size()), named));
            }
        }
        return all;
    }

    private static Object selected(Object value, List<Object> given, boolean wanted) {
        List<Object> some = new ArrayList<>();
        for (Object part : Values.list(value)) {
            Object own = Values.attribute(part, Values.text(given.get(0)));
            String name = given.size() > 1 ? Values.text(given.get(1)) : "true";
            boolean is = given.size() > 1
                    ? test(name.equals("==") ? "eq" : name, own, given.subList(2, given.size()))
                    : Values.isTrue(own);
            if (is == wanted) {
                some.add(part);
            }
        }
        return some;
    }

    static boolean test(String name, Object value, List<Object> given) {
        return switch (name) {
            case "defined" -> value != Values.UNDEFINED;
            case "undefined" -> value == Values.UNDEFINED;
            case "none" -> value == null;
            case "string" -> value instanceof String;
            case "number" -> value instanceof Number;
            case "integer" -> value instanceof Long;
            case "boolean" -> value instanceof Boolean;
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" -> value instanceof List || value instanceof Map || value instanceof String;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "equalto", "eq" -> Operators.same(value, given.get(0));
            case "ne" -> !Operators.same(value, given.get(0));
            case "in" -> Operators.compare("in", value, given.get(0));
            case "odd" -> Values.whole(value) % 2 != 0;
            case "even" -> Values.whole(value) % 2 == 0;
            case "divisibleby" -> Values.whole(value) % Values.whole(given.get(0)) == 0;
            case "callable" -> value instanceof Expression.Callable;
            default ->
                throw new MxForgeException("a chat template has the test '" + name + "', which is not supported here");
        };
    }

    /** As transformers writes it: blanks after signs, characters as they are. */
    private static String json(Object value, Object indent) {
        Separators separators = Separators.createDefaultInstance()
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator("")
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withObjectEntrySpacing(indent == null ? Separators.Spacing.AFTER : Separators.Spacing.NONE)
                .withArrayValueSpacing(indent == null ? Separators.Spacing.AFTER : Separators.Spacing.NONE);
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(separators);
        DefaultPrettyPrinter.Indenter lines = indent == null
                ? new DefaultPrettyPrinter.NopIndenter()
                : new DefaultIndenter(" ".repeat((int) Values.whole(indent)), "\n");
        printer.indentObjectsWith(lines);
        printer.indentArraysWith(lines);
        try {
            return new ObjectMapper().writer(printer).writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new MxForgeException(
                    "a chat template writes a value as JSON that cannot be: " + e.getOriginalMessage(), e);
        }
    }
}
