package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * y[m, :] = table[ids[m], :]; ids INT32, table BF16, row-major.
 *
 * @param output type of y, the residual stream: BF16 or FP32
 */
public record EmbeddingSpec(ScalarType output) implements KernelSpec {
    public static final String STEM = "embedding";

    public EmbeddingSpec {
        ResidualTypes.check(STEM, output);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "out", output.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static EmbeddingSpec read(SpecText fields) {
        return new EmbeddingSpec(ScalarType.parse(fields.next("out")));
    }
}
