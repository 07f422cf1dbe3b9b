package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.space.ConfigurationPart;

/**
 * How far copies run ahead of arithmetic.
 *
 * @param stages tiles of shared memory under way, 2 to 8; in configurations {@code stages}
 */
public record Pipeline(int stages) implements ConfigurationPart {
    public Pipeline {
        if (stages < 2 || stages > 8) {
            throw new IllegalArgumentException("a pipeline has 2 to 8 stages, not " + stages);
        }
    }

    static Pipeline of(Configuration configuration) {
        return new Pipeline(configuration.get("stages"));
    }

    @Override
    public Map<String, Integer> values() {
        return Map.of("stages", stages);
    }
}
