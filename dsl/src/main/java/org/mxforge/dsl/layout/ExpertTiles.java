package org.mxforge.dsl.layout;

/**
 * The padded order of tokens that were sent to experts: expert after expert, the tokens of each in ascending order, padded to
 * whole tiles of 128 rows, so that every tile of an operand belongs to one expert. A token that was sent to several experts has a
 * row with each.
 */
public final class ExpertTiles {
    /** Rows of a tile. */
    public static final int ROWS = 128;

    private ExpertTiles() {}

    /** Tiles of an expert with {@code tokens} tokens. */
    public static int of(int tokens) {
        return (tokens + ROWS - 1) / ROWS;
    }

    /**
     * The most tiles that there can be, however the tokens are spread.
     *
     * @param rows tokens
     * @param perToken experts that each is sent to
     * @param experts experts there are
     * @throws ArithmeticException if their rows are more than an int counts
     */
    public static int most(int rows, int perToken, int experts) {
        long assigned = (long) rows * perToken;
        // Each expert in use leaves at most one tile all but a token empty.
        long tiles = (assigned + (ROWS - 1) * Math.min(assigned, experts)) / ROWS;
        Math.toIntExact(tiles * ROWS);
        return (int) tiles;
    }
}
