package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[m, k] = x[m, k] * rsqrt(mean over k of x^2 + eps) * weight[k]; weight and y BF16, [rows][columns] row-major, FP32 inside.
 *
 * @param source type of x, the residual stream: BF16 or FP32
 */
public record RmsNormSpec(ScalarType source) implements KernelSpec {
    static final String STEM = "rmsnorm";

    public RmsNormSpec {
        OpSpaces.checkStream(STEM, source);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "in", source.text());
    }

    static RmsNormSpec read(SpecText fields) {
        return fields.end(new RmsNormSpec(ScalarType.parse(fields.next("in"))));
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
