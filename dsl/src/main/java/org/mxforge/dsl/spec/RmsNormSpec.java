package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * y[m, k] = x[m, k] * rsqrt(mean over k of x^2 + eps) * weight[k]; x [rows][columns] row-major, weight and y BF16, FP32 inside.
 *
 * @param source type of x, the residual stream: BF16 or FP32
 * @param layout how y lies: {@link OperandLayout#PLAIN} or {@link OperandLayout#BF16}
 */
public record RmsNormSpec(ScalarType source, OperandLayout layout) implements KernelSpec {
    public static final String STEM = "rmsnorm";

    public RmsNormSpec {
        ResidualTypes.check(STEM, source);
        PlainLayouts.check(STEM, layout);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "in", source.text(), "layout", PlainLayouts.text(layout));
    }

    /** Reads the fields of {@link #text()}. */
    public static RmsNormSpec read(SpecText fields) {
        ScalarType source = ScalarType.parse(fields.next("in"));
        return new RmsNormSpec(source, PlainLayouts.parse(fields.next("layout")));
    }
}
