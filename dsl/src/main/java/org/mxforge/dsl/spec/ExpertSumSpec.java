package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * y[i, :] += sum over j of shares[i, j] * x[permutation[i, j], :]; permutation INT32, shares FP32, x BF16; summed
 * in FP32 in the order of j and rounded once to y's type: returns the experts' outputs to their tokens.
 *
 * @param output type of y, the residual stream: BF16 or FP32
 */
public record ExpertSumSpec(ScalarType output) implements KernelSpec {
    public static final String STEM = "expertsum";

    public ExpertSumSpec {
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
    public static ExpertSumSpec read(SpecText fields) {
        return new ExpertSumSpec(ScalarType.parse(fields.next("out")));
    }
}
