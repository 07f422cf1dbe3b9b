package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[rows[i], :] += weights[i] * x[i, :]; rows INT32 without repeats, weights FP32, x BF16, one rounding: returns an expert's
 * output to its tokens.
 *
 * @param output type of y, the residual stream: BF16 or FP32
 */
public record RowScatterAddSpec(ScalarType output) implements KernelSpec {
    static final String STEM = "rowscatteradd";

    public RowScatterAddSpec {
        OpSpaces.checkStream(STEM, output);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "out", output.text());
    }

    static RowScatterAddSpec read(SpecText fields) {
        return fields.end(new RowScatterAddSpec(ScalarType.parse(fields.next("out"))));
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
