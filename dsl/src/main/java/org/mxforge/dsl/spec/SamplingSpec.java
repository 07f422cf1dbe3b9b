package org.mxforge.dsl.spec;

/**
 * One token from each row of FP32 probabilities: the smallest set of most likely tokens whose sum reaches the row's topP, then the token at
 * the row's uniform number in [0, 1) within that set, in order of token id; topP 0 takes the most likely token, lowest id on a tie. A row without a
 * probability above 0 gets -1.
 */
public record SamplingSpec() implements KernelSpec {
    public static final String STEM = "sampling";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static SamplingSpec read(SpecText fields) {
        return new SamplingSpec();
    }
}
