package org.mxforge.runtime.tune.device;

/**
 * Rows for a quantizer to read, over and over: row r of its input is row r % {@link #ROWS} of these. Their number divides by all
 * tiles' rows, so that a right result repeats, too.
 *
 * @param x input, {@code [rows][channels]}, of SiLU*mul {@code [rows][2 * channels]}: {@link #ROWS} rows, or as many as there are if
 *     that is less
 * @param weight of a norm, {@code [channels]}, exact in BF16; empty for other prologues
 * @param centre what is taken off behind a norm, {@code [channels]}, exact in BF16; empty for other prologues
 * @param epsilon of RMSNorm
 * @param order the reorder index: new channel i is old channel {@code order[i]}
 */
record RowPattern(float[] x, float[] weight, float[] centre, float epsilon, int[] order) {
    /** Rows before it repeats. */
    public static final int ROWS = 128;
}
