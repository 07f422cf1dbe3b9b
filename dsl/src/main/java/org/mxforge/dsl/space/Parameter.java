package org.mxforge.dsl.space;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One dimension of a {@link ConfigSpace}.
 *
 * @param name lower-case identifier
 * @param values the values it may take, the default first
 */
public record Parameter(String name, List<Integer> values) implements Dimension {
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9_]*");

    public Parameter {
        values = List.copyOf(values);
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException("parameter name '" + name + "' is not a lower-case identifier");
        }
        if (values.isEmpty() || values.stream().distinct().count() != values.size()) {
            throw new IllegalArgumentException("parameter '" + name + "' needs distinct values, not " + values);
        }
    }

    /** A parameter with these values, the default first. */
    public static Parameter of(String name, Integer... values) {
        return new Parameter(name, List.of(values));
    }

    @Override
    public Set<String> names() {
        return Set.of(name);
    }

    @Override
    public List<Map<String, Integer>> choices() {
        return values.stream().map(value -> Map.of(name, value)).toList();
    }
}
