package org.mxforge.dsl.tile;

/** How the warps of a block share its tile: {@code m} of them along the rows, {@code n} along the columns. */
public record WarpGrid(int m, int n) {
    public WarpGrid {
        if (m <= 0 || n <= 0 || m > 32 || n > 32 || m * n > 32) {
            throw new IllegalArgumentException("warp grid " + m + "x" + n + " is not 1 to 32 warps");
        }
    }

    /** Threads of the block. */
    public int threads() {
        return 32 * m * n;
    }
}
