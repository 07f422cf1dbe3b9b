package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[m, :] = table[ids[m], :]; ids INT32, table and y BF16, row-major.
 */
public record EmbeddingSpec() implements KernelSpec {
    static final String STEM = "embedding";

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
