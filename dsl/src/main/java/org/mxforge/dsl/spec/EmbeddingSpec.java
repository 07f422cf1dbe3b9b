package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[m, :] = table[ids[m], :]; ids INT32, table BF16, row-major.
 *
 * @param output type of y, the residual stream: BF16 or FP32
 */
public record EmbeddingSpec(ScalarType output) implements KernelSpec {
    static final String STEM = "embedding";

    public EmbeddingSpec {
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

    static EmbeddingSpec read(SpecText fields) {
        return fields.end(new EmbeddingSpec(ScalarType.parse(fields.next("out"))));
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
