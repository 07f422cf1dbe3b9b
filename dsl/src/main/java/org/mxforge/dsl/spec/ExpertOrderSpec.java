package org.mxforge.dsl.spec;

import org.mxforge.dsl.layout.ExpertTiles;

/**
 * From the experts of each token, INT32 [rows][per token], the padded order of {@link ExpertTiles}:
 *
 * <ul>
 *   <li>tiles, INT32 [tiles][2]: the expert of each tile and how many of its rows hold tokens; -1 and 0 behind the last;
 *   <li>tokens, INT32 [tiles][rows of a tile]: the token of each row; -1 where there is none;
 *   <li>permutation, INT32 [rows][per token]: where each token's rows are.
 * </ul>
 *
 * @param tile how many rows tiles have
 */
public record ExpertOrderSpec(ExpertTiles tile) implements KernelSpec {
    public static final String STEM = "expertorder";

    /** Experts that a block can count. */
    public static final int MOST_EXPERTS = 1024;

    /** Into tiles for many tokens. */
    public ExpertOrderSpec() {
        this(ExpertTiles.MANY);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return ExpertRows.append(SpecText.write(STEM), tile);
    }

    /** Reads the fields of {@link #text()}. */
    public static ExpertOrderSpec read(SpecText fields) {
        return new ExpertOrderSpec(ExpertRows.read(fields));
    }
}
