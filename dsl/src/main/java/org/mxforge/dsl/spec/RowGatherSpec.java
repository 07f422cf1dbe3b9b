package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;

/**
 * y[i, :] = x[rows[i], :]; rows INT32, zeros where one is -1: brings the tokens of routed experts together.
 *
 * @param type type of x and y: BF16 or FP32
 */
public record RowGatherSpec(ScalarType type) implements KernelSpec {
    public static final String STEM = "rowgather";

    public RowGatherSpec {
        ResidualTypes.check(STEM, type);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "type", type.text());
    }

    /** Reads the fields of {@link #text()}. */
    public static RowGatherSpec read(SpecText fields) {
        return new RowGatherSpec(ScalarType.parse(fields.next("type")));
    }
}
