package org.mxforge.dsl.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one step of choosing a configuration decides: one integer, or several that belong together. */
public interface Dimension {
    /** Names of the integers it decides. */
    Set<String> names();

    /** The choices as named integers, the default first. */
    List<Map<String, Integer>> choices();

    /** The choice among typed values, such as whole tile shapes; the default first. */
    static Dimension of(ConfigurationPart first, ConfigurationPart... others) {
        List<Map<String, Integer>> choices = new ArrayList<>();
        choices.add(first.values());
        for (ConfigurationPart other : others) {
            if (!other.values().keySet().equals(first.values().keySet())) {
                throw new IllegalArgumentException("one dimension cannot choose between " + first + " and " + other);
            }
            choices.add(other.values());
        }
        return new Typed(Set.copyOf(first.values().keySet()), List.copyOf(choices));
    }

    /** A choice among typed values. */
    record Typed(Set<String> names, List<Map<String, Integer>> choices) implements Dimension {}
}
