package org.mxforge.dsl.spec;

/**
 * {@link RouterSpec} and {@link ExpertRouteSpec} in one for the single token of a step, which has a tile of its own with each of its
 * experts: from the FP32 residual stream the shares, and where the token lies.
 */
public record TokenRouteSpec() implements KernelSpec {
    public static final String STEM = "tokenroute";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static TokenRouteSpec read(SpecText fields) {
        return new TokenRouteSpec();
    }
}
