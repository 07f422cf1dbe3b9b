package org.mxforge.dsl.spec;

/**
 * p[m, :] = softmax(x[m, :] / temperature[m]) over FP32 logits, row-major, in place or not.
 */
public record SoftmaxSpec() implements KernelSpec {
    public static final String STEM = "softmax";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static SoftmaxSpec read(SpecText fields) {
        return new SoftmaxSpec();
    }
}
