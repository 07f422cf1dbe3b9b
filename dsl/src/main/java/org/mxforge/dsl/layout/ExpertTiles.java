package org.mxforge.dsl.layout;

/**
 * The padded order of tokens that were sent to experts: expert after expert, the tokens of each in ascending order, padded to
 * whole tiles, so that every tile of an operand belongs to one expert. A token that was sent to several experts has a row with each.
 *
 * @param rows of a tile: 128, as tiles of operands have, or 16, so that few tokens are not quantized beside many rows without one
 */
public record ExpertTiles(int rows) {
    /** For many tokens. */
    public static final ExpertTiles MANY = new ExpertTiles(128);

    /** For few: of no more than a tile's rows none fill a second one. */
    public static final ExpertTiles FEW = new ExpertTiles(16);

    public ExpertTiles {
        if (rows != 128 && rows != 16) {
            throw new IllegalArgumentException("tiles of experts have 128 or 16 rows, not " + rows);
        }
    }

    /** The tiles that {@code tokens} tokens are put into. */
    public static ExpertTiles forTokens(int tokens) {
        return tokens <= FEW.rows ? FEW : MANY;
    }

    /** Tiles of an expert with {@code tokens} tokens. */
    public int of(int tokens) {
        return (tokens + rows - 1) / rows;
    }

    /**
     * The most tiles that there can be, however the tokens are spread.
     *
     * @param tokens how many they are
     * @param perToken experts that each is sent to
     * @param experts experts there are
     * @throws ArithmeticException if their rows are more than an int counts
     */
    public int most(int tokens, int perToken, int experts) {
        long assigned = (long) tokens * perToken;
        // Each expert in use leaves at most one tile all but a token empty.
        long tiles = (assigned + (rows - 1) * Math.min(assigned, experts)) / rows;
        Math.toIntExact(tiles * rows);
        return (int) tiles;
    }
}
