package org.mxforge.runtime.tune;

/** How hard a {@link TunedChooser} tries. */
public enum TuneMode {
    /** Defaults only; wisdom is not read. */
    OFF,
    /** Wisdom, or else a short search. */
    QUICK,
    /** Wisdom of a complete search, or else a search of everything. */
    FULL,
    /** Wisdom, or else the default: nothing is measured, so runs repeat. */
    FROZEN;
}
