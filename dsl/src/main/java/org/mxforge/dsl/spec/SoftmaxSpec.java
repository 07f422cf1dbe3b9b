package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * p[m, :] = softmax(x[m, :] / temperature[m]) over FP32 logits, row-major, in place or not.
 */
public record SoftmaxSpec() implements KernelSpec {
    static final String STEM = "softmax";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
