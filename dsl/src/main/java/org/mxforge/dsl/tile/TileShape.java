package org.mxforge.dsl.tile;

/**
 * The block of a GEMM that one thread block (or one CPU task) works on.
 *
 * @param m rows (tokens)
 * @param n columns (output channels)
 * @param k depth of one pipeline stage, in elements
 */
public record TileShape(int m, int n, int k) {
    public TileShape {
        if (m <= 0 || n <= 0 || k <= 0) {
            throw new IllegalArgumentException("tile " + m + "x" + n + "x" + k + " has an empty side");
        }
    }

    /** Such as {@code 128x128x64}. */
    public String text() {
        return m + "x" + n + "x" + k;
    }
}
