package org.mxforge.runtime.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.mxforge.runtime.base.MxForgeException;

/** What values do, as in Python: texts, booleans, {@code Long}, {@code Double}, lists, maps, null for none, and what is not defined. */
final class Values {
    /** The value of a name that nobody gave one. */
    static final Object UNDEFINED = new Object() {
        @Override
        public String toString() {
            return "";
        }
    };

    private Values() {}

    static boolean isTrue(Object value) {
        if (value instanceof Boolean is) {
            return is;
        }
        if (value instanceof Number number) {
            return number.doubleValue() != 0;
        }
        if (value instanceof String text) {
            return !text.isEmpty();
        }
        if (value instanceof List<?> list) {
            return !list.isEmpty();
        }
        if (value instanceof Map<?, ?> map) {
            return !map.isEmpty();
        }
        return value != null && value != UNDEFINED;
    }

    /** {@code str()}. */
    static String text(Object value) {
        return value instanceof String text ? text : shown(value);
    }

    /** {@code repr()}. */
    private static String shown(Object value) {
        if (value == null) {
            return "None";
        }
        if (value instanceof Boolean is) {
            return is ? "True" : "False";
        }
        if (value instanceof String text) {
            return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'";
        }
        if (value instanceof List<?> list) {
            return list.stream().map(Values::shown).collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry -> shown(entry.getKey()) + ": " + shown(entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        return String.valueOf(value);
    }

    /** What a loop goes over. */
    static List<Object> list(Object value) {
        if (value instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        if (value instanceof Map<?, ?> map) {
            return new ArrayList<>(map.keySet());
        }
        if (value instanceof String text) {
            return text.codePoints().mapToObj(Character::toString).collect(Collectors.toList());
        }
        if (value == UNDEFINED) {
            return List.of();
        }
        throw new MxForgeException("a chat template goes over " + shown(value) + ", which is no list");
    }

    /** {@code owner.name}: what is in a map, or else a method. */
    static Object attribute(Object owner, String name) {
        if (owner instanceof Map<?, ?> map && map.containsKey(name)) {
            return map.get(name);
        }
        if (owner instanceof Functions.Namespace namespace) {
            return namespace.values().getOrDefault(name, UNDEFINED);
        }
        if (owner == UNDEFINED) {
            throw new MxForgeException("a chat template asks for ." + name + " of something that is not there");
        }
        return Methods.of(owner, name);
    }

    /** {@code owner[key]}. */
    static Object item(Object owner, Object key) {
        if (owner instanceof Map<?, ?> map) {
            return map.containsKey(key) ? map.get(key) : UNDEFINED;
        }
        if (key instanceof Long number && (owner instanceof List<?> || owner instanceof String)) {
            List<Object> all = list(owner);
            long at = number < 0 ? all.size() + number : number;
            return at >= 0 && at < all.size() ? all.get((int) at) : UNDEFINED;
        }
        if (owner == UNDEFINED) {
            throw new MxForgeException("a chat template asks for [" + shown(key) + "] of something that is not there");
        }
        return UNDEFINED;
    }

    /** {@code owner[from:to:step]}, where null stands for what is left out. */
    static Object slice(Object owner, Object from, Object to, Object step) {
        List<Object> all = list(owner);
        long by = step == null ? 1 : whole(step);
        if (by == 0) {
            throw new MxForgeException("a chat template has a slice whose step is 0");
        }
        int size = all.size();
        long first = from == null ? (by > 0 ? 0 : size - 1) : clipped(whole(from), size, by);
        long last = to == null ? (by > 0 ? size : -1) : clipped(whole(to), size, by);
        List<Object> some = new ArrayList<>();
        for (long i = first; by > 0 ? i < last : i > last; i += by) {
            some.add(all.get((int) i));
        }
        return owner instanceof String ? some.stream().map(Values::text).collect(Collectors.joining()) : some;
    }

    private static long clipped(long bound, int size, long by) {
        long at = bound < 0 ? bound + size : bound;
        return by > 0 ? Math.min(Math.max(at, 0), size) : Math.min(Math.max(at, -1), size - 1L);
    }

    static long whole(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw new MxForgeException("a chat template has " + shown(value) + " where a whole number is needed");
    }

    static Object call(Object function, List<Object> arguments, Map<String, Object> named, String source) {
        if (function instanceof Expression.Callable callable) {
            return callable.call(arguments, named);
        }
        throw new MxForgeException(
                "a chat template calls something in '" + source.strip() + "' that is not supported here");
    }
}
