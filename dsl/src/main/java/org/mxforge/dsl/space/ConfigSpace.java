package org.mxforge.dsl.space;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The variants of a kernel as data: parameters and the restrictions that legal configurations meet.
 *
 * @param parameters dimensions, in the order they vary, the last one fastest
 * @param restrictions conditions, all of which must hold
 */
public record ConfigSpace(List<Parameter> parameters, List<Restriction> restrictions) {
    public ConfigSpace {
        parameters = List.copyOf(parameters);
        restrictions = List.copyOf(restrictions);
        if (parameters.stream().map(Parameter::name).distinct().count() != parameters.size()) {
            throw new IllegalArgumentException("a config space names each parameter once");
        }
    }

    /** All legal configurations, in the order of the parameters' values: the first one is the default. */
    public List<Configuration> legal() {
        List<Configuration> all = new ArrayList<>();
        extend(new TreeMap<>(), 0, all);
        return List.copyOf(all);
    }

    private void extend(Map<String, Integer> chosen, int depth, List<Configuration> into) {
        if (depth == parameters.size()) {
            Configuration configuration = Configuration.of(chosen);
            if (restrictions.stream().allMatch(r -> r.holds(configuration))) {
                into.add(configuration);
            }
            return;
        }
        Parameter parameter = parameters.get(depth);
        for (int value : parameter.values()) {
            chosen.put(parameter.name(), value);
            extend(chosen, depth + 1, into);
        }
        chosen.remove(parameter.name());
    }

    /** The first legal configuration. */
    public Configuration defaultConfiguration() {
        return legal().get(0);
    }

    /**
     * Refuses a configuration that is not one of this space's.
     *
     * @throws IllegalArgumentException naming the parameter or the rule that it breaks
     */
    public void check(Configuration configuration) {
        for (Parameter parameter : parameters) {
            int value = configuration.get(parameter.name());
            if (!parameter.values().contains(value)) {
                throw new IllegalArgumentException(
                        parameter.name() + "=" + value + " is not one of " + parameter.values());
            }
        }
        if (configuration.values().size() != parameters.size()) {
            throw new IllegalArgumentException("configuration '" + configuration.text() + "' has unknown parameters");
        }
        for (Restriction restriction : restrictions) {
            if (!restriction.holds(configuration)) {
                throw new IllegalArgumentException("configuration '" + configuration.text() + "' breaks the rule: "
                        + restriction.rule() + ", " + restriction.condition().text());
            }
        }
    }
}
