package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[i, :] += sum over j of shares[i, j] * x[places[i, j], :]; places INT32, shares FP32, x BF16; summed
 * in FP32 in the order of j and rounded once to y's type: returns the experts' outputs to their tokens.
 *
 * @param output type of y, the residual stream: BF16 or FP32
 */
public record ExpertSumSpec(ScalarType output) implements KernelSpec {
    static final String STEM = "expertsum";

    public ExpertSumSpec {
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

    static ExpertSumSpec read(SpecText fields) {
        return fields.end(new ExpertSumSpec(ScalarType.parse(fields.next("out"))));
    }

    @Override
    public ConfigSpace space(Target target) {
        return OpSpaces.rows(target);
    }
}
