package org.mxforge.runtime.tune;

import java.util.Locale;

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

    /** The word on the command line, such as {@code quick}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
