package org.mxforge.runtime.tune.search;

/** How hard a {@link TunedChooser} tries, in rising order but for the last. */
public enum TuneMode {
    /** Defaults only; wisdom is not read. */
    OFF,
    /** What the cost model ranks first; wisdom is not read and nothing is measured. */
    ESTIMATE,
    /** Wisdom, or else a short search. */
    QUICK,
    /** Wisdom of a complete search, or else a search of everything. */
    FULL,
    /** Wisdom, or else that of a neighbouring shape or the cost model's first choice: nothing is measured, so runs repeat. */
    FROZEN;
}
