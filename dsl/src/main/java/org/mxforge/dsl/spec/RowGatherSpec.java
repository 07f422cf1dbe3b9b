package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[i, :] = x[rows[i], :]; rows INT32, zeros where one is -1: brings the tokens of routed experts together.
 *
 * @param type type of x and y: BF16 or FP32
 */
public record RowGatherSpec(ScalarType type) implements KernelSpec {
    static final String STEM = "rowgather";

    public RowGatherSpec {
        OpSpaces.checkStream(STEM, type);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "type", type.text());
    }

    static RowGatherSpec read(SpecText fields) {
        return fields.end(new RowGatherSpec(ScalarType.parse(fields.next("type"))));
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
