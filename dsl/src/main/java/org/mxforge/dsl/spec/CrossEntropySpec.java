package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * nll[m] = log(sum over v of exp(x[m, v])) - x[m, target[m]] over FP32 logits; targets INT32.
 */
public record CrossEntropySpec() implements KernelSpec {
    static final String STEM = "crossentropy";

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
