package org.mxforge.dsl.spec;

import org.mxforge.dsl.layout.ExpertTiles;

/**
 * From the experts of each token, INT32 [rows][per token], the padded order of {@link ExpertTiles#MANY}:
 *
 * <ul>
 *   <li>tiles, INT32 [tiles][2]: the expert of each tile and how many of its rows hold tokens; -1 and 0 behind the last;
 *   <li>tokens, INT32 [tiles][rows of a tile]: the token of each row; -1 where there is none;
 *   <li>permutation, INT32 [rows][per token]: where each token's rows are.
 * </ul>
 */
public record ExpertOrderSpec() implements KernelSpec {
    public static final String STEM = "expertorder";

    /** Experts that a block can count. */
    public static final int MOST_EXPERTS = 1024;

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static ExpertOrderSpec read(SpecText fields) {
        return new ExpertOrderSpec();
    }
}
