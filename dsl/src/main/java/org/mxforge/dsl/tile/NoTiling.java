package org.mxforge.dsl.tile;

import java.util.Map;
import org.mxforge.dsl.space.Configuration;

/** A kernel with nothing to choose. */
public record NoTiling() implements Tiling {
    /** Reads {@link #configuration()}. */
    public static NoTiling of(Configuration configuration) {
        configuration.checkNames();
        return new NoTiling();
    }

    @Override
    public Configuration configuration() {
        return Configuration.of(Map.of());
    }
}
