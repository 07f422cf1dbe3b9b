package org.mxforge.dsl.space;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Configurations as data: what there is to choose, and the restrictions that a choice keeps.
 *
 * @param dimensions in the order they vary, the last one fastest
 * @param restrictions conditions, all of which must hold
 */
public record ConfigSpace(List<? extends Dimension> dimensions, List<Restriction> restrictions) {
    public ConfigSpace {
        dimensions = List.copyOf(dimensions);
        restrictions = List.copyOf(restrictions);
        Set<String> names = new HashSet<>();
        for (Dimension dimension : dimensions) {
            for (String name : dimension.names()) {
                if (!names.add(name)) {
                    throw new IllegalArgumentException(
                            "a config space names each parameter once, but '" + name + "' twice");
                }
            }
        }
    }

    /** A space without restrictions. */
    public static ConfigSpace of(Dimension... dimensions) {
        return new ConfigSpace(List.of(dimensions), List.of());
    }

    /** The same with {@code more} restrictions. */
    public ConfigSpace restricted(Restriction... more) {
        return new ConfigSpace(
                dimensions,
                Stream.concat(restrictions.stream(), Stream.of(more)).toList());
    }

    /** All its configurations, in the order of the dimensions' choices: the first one is the default. */
    public List<Configuration> legal() {
        List<Configuration> all = new ArrayList<>();
        extend(new TreeMap<>(), 0, all);
        return List.copyOf(all);
    }

    private void extend(Map<String, Integer> chosen, int depth, List<Configuration> into) {
        if (depth == dimensions.size()) {
            Configuration configuration = Configuration.of(chosen);
            if (restrictions.stream().allMatch(r -> r.holds(configuration))) {
                into.add(configuration);
            }
            return;
        }
        Dimension dimension = dimensions.get(depth);
        for (Map<String, Integer> choice : dimension.choices()) {
            chosen.putAll(choice);
            extend(chosen, depth + 1, into);
        }
        chosen.keySet().removeAll(dimension.names());
    }

    /**
     * The first configuration.
     *
     * @throws IllegalArgumentException if the restrictions leave none
     */
    public Configuration defaultConfiguration() {
        List<Configuration> legal = legal();
        if (legal.isEmpty()) {
            throw new IllegalArgumentException("the restrictions of this config space leave no configuration");
        }
        return legal.get(0);
    }

    /** Whether {@code configuration} is one of them. */
    public boolean contains(Configuration configuration) {
        return legal().contains(configuration);
    }
}
