package org.mxforge.dsl.spec;

/**
 * The experts of each token: of its FP32 scores the best few, of equal ones the lower expert, NaN below all others; written in
 * ascending order as INT32 [rows][per token], with the softmax over their scores as FP32 shares. The number of experts is not
 * bounded, that of a token is by 32.
 */
public record ExpertChoiceSpec() implements KernelSpec {
    public static final String STEM = "expertchoice";

    /** Experts of a token that a warp can hold. */
    public static final int MOST_PER_TOKEN = 32;

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static ExpertChoiceSpec read(SpecText fields) {
        return new ExpertChoiceSpec();
    }
}
