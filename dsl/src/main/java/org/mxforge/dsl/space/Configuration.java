package org.mxforge.dsl.space;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One choice for every parameter of a {@link ConfigSpace}.
 *
 * @param values by the names of the parameters, ordered, so that equal choices have equal texts
 */
public record Configuration(SortedMap<String, Integer> values) {
    public Configuration {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /** Of values by the names of their parameters, in any order. */
    public static Configuration of(Map<String, Integer> values) {
        return new Configuration(new TreeMap<>(values));
    }

    /** What typed parts say together; each name belongs to one of them. */
    public static Configuration of(ConfigurationPart... parts) {
        TreeMap<String, Integer> values = new TreeMap<>();
        for (ConfigurationPart part : parts) {
            values.putAll(part.values());
        }
        return new Configuration(values);
    }

    /**
     * Makes sure that these and no other parameters are there.
     *
     * @throws IllegalArgumentException naming what is missing, or that something is too much
     */
    public void checkNames(String... names) {
        for (String name : names) {
            get(name);
        }
        if (values.size() != names.length) {
            throw new IllegalArgumentException("configuration '" + text() + "' has unknown parameters: "
                    + (names.length == 0 ? "there is nothing to choose" : "use " + String.join(", ", names)));
        }
    }

    /**
     * The value of {@code name}.
     *
     * @throws IllegalArgumentException if the configuration has no such parameter
     */
    public int get(String name) {
        Integer value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("configuration '" + text() + "' has no parameter '" + name + "'");
        }
        return value;
    }

    /** Canonical text, such as {@code bk=64,bm=128,bn=128,stages=3}. */
    public String text() {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(","));
    }

    /**
     * Reads {@link #text()}.
     *
     * @throws IllegalArgumentException naming the text and the form that is wanted
     */
    public static Configuration parse(String text) {
        TreeMap<String, Integer> values = new TreeMap<>();
        for (String part : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            if (!part.matches("[a-z][a-z0-9_]*=-?\\d{1,9}")) {
                throw new IllegalArgumentException(
                        "bad configuration '" + text + "': write it as name=value,name=value");
            }
            int equals = part.indexOf('=');
            if (values.put(part.substring(0, equals), Integer.valueOf(part.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("configuration '" + text + "' names a parameter twice");
            }
        }
        return new Configuration(values);
    }
}
