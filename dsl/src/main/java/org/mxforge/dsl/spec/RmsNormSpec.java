package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[m, k] = x[m, k] * rsqrt(mean over k of x^2 + eps) * weight[k]; x, weight and y BF16, [rows][columns] row-major, FP32 inside.
 */
public record RmsNormSpec() implements KernelSpec {
    static final String STEM = "rmsnorm";

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
