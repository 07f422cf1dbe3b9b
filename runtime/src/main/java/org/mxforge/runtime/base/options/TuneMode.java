package org.mxforge.runtime.base.options;

/** What is done for shapes of kernels that were never tuned here, in rising order of effort but for the last. */
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
