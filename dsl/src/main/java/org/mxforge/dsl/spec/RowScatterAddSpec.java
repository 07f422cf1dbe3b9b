package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * y[rows[i], :] += weights[i] * x[i, :]; rows INT32 without repeats, weights FP32, x BF16, one rounding: returns an expert's
 * output to its tokens.
 *
 * @param output type of y, the residual stream: BF16 or FP32
 */
public record RowScatterAddSpec(ScalarType output) implements KernelSpec {
    public static final String STEM = "rowscatteradd";

    public RowScatterAddSpec {
        ResidualTypes.check(STEM, output);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "out", output.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static RowScatterAddSpec read(SpecText fields) {
        return new RowScatterAddSpec(ScalarType.parse(fields.next("out")));
    }
}
