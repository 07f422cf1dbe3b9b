package org.mxforge.dsl.space;

import java.util.Map;

/** A typed part of a configuration, such as a tile's shape: some named integers that belong together. */
public interface ConfigurationPart {
    /** The integers by the names that configurations use. */
    Map<String, Integer> values();
}
