package org.mxforge.runtime.cpu;

/** How a GEMM kernel wants its result cut into tasks. */
interface GemmTiling {
    /** Most rows (tokens) of one tile. */
    int tileRows();

    /** Columns (output channels) of one tile; the last tile of a row may be narrower. */
    int tileColumns();
}
