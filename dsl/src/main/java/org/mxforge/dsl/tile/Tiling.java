package org.mxforge.dsl.tile;

import org.mxforge.dsl.space.Configuration;

/** A configuration in its typed form: how one algorithm cuts a problem for a machine. Implementations are records. */
public interface Tiling {
    /** The same as named integers, which config spaces vary and wisdom remembers. */
    Configuration configuration();
}
