package org.mxforge.dsl.spec;

/**
 * The factor of a block on the diagonal of a symmetric matrix M in FP64: the lower triangular L with L^T L = M, as its inverse. Of
 * {@value #SIZE} rows, or of those that are left; what it takes to factor a large matrix beside products.
 */
public record Fp64FactorSpec() implements KernelSpec {
    public static final String STEM = "fp64factor";

    /** Rows of a block. */
    public static final int SIZE = 64;

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }
}
