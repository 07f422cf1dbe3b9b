package org.mxforge.dsl.spec;

/**
 * scores[m, e] = sum over k of rmsnorm(x)[m, k] * router[e, k]: the router of a mixture of experts with the norm before it, from
 * the FP32 residual stream; the norm's weight and the router BF16, scores FP32. FP32 throughout, because a rounding can decide
 * between experts that are nearly tied, and then the whole output changes.
 */
public record RouterSpec() implements KernelSpec {
    public static final String STEM = "router";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static RouterSpec read(SpecText fields) {
        return new RouterSpec();
    }
}
