package org.mxforge.dsl.layout;

/**
 * The key/value cache of a layer as GPU kernels read it: pages of a fixed number of positions, [pages][{@link #POSITIONS}][kvHeads][head]
 * BF16, for keys and for values. A sequence has a table of pages; its position p is row p % POSITIONS of page table[p / POSITIONS].
 */
public final class CachePages {
    /** Positions of a page, a power of two: few enough that short sequences waste little. */
    public static final int POSITIONS = 32;

    private CachePages() {}
}
