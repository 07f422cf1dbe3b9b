package org.mxforge.dsl.spec;

/**
 * Rounds {@value #COLUMNS} columns of a weight in FP64 one after the other (GPTQ, arXiv 2210.17323), or those that are left: what rounding
 * column j costs, over R[j, j], is taken off the columns behind it in proportion to R[j, :]. Each group of 32 gets, of the scales one above
 * that of {@link org.mxforge.dsl.format.ScaleRule#CEIL} to two below it, the one that changes it least. Formats are data.
 */
public record MxRoundSpec() implements KernelSpec {
    public static final String STEM = "mxround";

    /** Columns of a block. */
    public static final int COLUMNS = 64;

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }
}
