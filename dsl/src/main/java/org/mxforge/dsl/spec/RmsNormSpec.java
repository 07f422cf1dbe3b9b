package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * y[m, k] = x[m, k] * rsqrt(mean over k of x^2 + eps) * weight[k]; weight BF16, x and y [rows][columns] row-major, FP32 inside.
 *
 * @param source type of x, the residual stream or heads before their rotation: BF16 or FP32
 * @param output type of y: BF16 or FP32
 */
public record RmsNormSpec(ScalarType source, ScalarType output) implements KernelSpec {
    public static final String STEM = "rmsnorm";

    public RmsNormSpec {
        ResidualTypes.check(STEM, source);
        ResidualTypes.check(STEM, output);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "in", source.text(), "out", output.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static RmsNormSpec read(SpecText fields) {
        ScalarType source = ScalarType.parse(fields.next("in"));
        return new RmsNormSpec(source, ScalarType.parse(fields.next("out")));
    }
}
