package org.mxforge.runtime.tune.search;

import org.mxforge.runtime.tune.wisdom.WisdomKey;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;

/** Told how a search goes on. */
public interface TuningListener {
    /** Hears nothing. */
    TuningListener SILENT = new TuningListener() {};

    /** A search begins. */
    default void began(WisdomKey key, int candidates) {}

    /** A candidate has been tried. */
    default void tried(WisdomRecord entry) {}

    /** The search has ended, because all candidates were tried or the time was up. */
    default void ended(WisdomKey key) {}
}
