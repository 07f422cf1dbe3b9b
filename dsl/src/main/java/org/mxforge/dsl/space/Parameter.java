package org.mxforge.dsl.space;

import java.util.List;

/**
 * One dimension of a {@link ConfigSpace}.
 *
 * @param name lower-case identifier
 * @param values the values it may take, the default first
 */
public record Parameter(String name, List<Integer> values) {
    public Parameter {
        values = List.copyOf(values);
        if (!name.matches("[a-z][a-z0-9_]*")) {
            throw new IllegalArgumentException("parameter name '" + name + "' is not a lower-case identifier");
        }
        if (values.isEmpty() || values.stream().distinct().count() != values.size()) {
            throw new IllegalArgumentException("parameter '" + name + "' needs distinct values, not " + values);
        }
    }

    public static Parameter of(String name, Integer... values) {
        return new Parameter(name, List.of(values));
    }
}
