package org.mxforge.dsl.spec;

/**
 * nll[m] = log(sum over v of exp(x[m, v])) - x[m, target[m]] over FP32 logits, which come in parts of the vocabulary so that all of them
 * need not be there together; targets INT32. A launch adds one part to what the host then makes the result of.
 */
public record CrossEntropySpec() implements KernelSpec {
    public static final String STEM = "crossentropy";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static CrossEntropySpec read(SpecText fields) {
        return new CrossEntropySpec();
    }
}
