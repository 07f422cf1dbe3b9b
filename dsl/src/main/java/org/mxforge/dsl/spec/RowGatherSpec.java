package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[i, :] = x[rows[i], :]; rows INT32, x and y BF16: brings the tokens of one routed expert together.
 */
public record RowGatherSpec() implements KernelSpec {
    static final String STEM = "rowgather";

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
