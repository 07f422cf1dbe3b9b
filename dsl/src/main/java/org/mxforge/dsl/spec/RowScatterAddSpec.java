package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[rows[i], :] += weights[i] * x[i, :]; rows INT32 without repeats, weights FP32, x and y BF16, one rounding: returns an expert's
 * output to its tokens.
 */
public record RowScatterAddSpec() implements KernelSpec {
    static final String STEM = "rowscatteradd";

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
