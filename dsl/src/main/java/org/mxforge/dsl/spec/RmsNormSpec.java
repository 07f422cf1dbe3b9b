package org.mxforge.dsl.spec;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;

/**
 * y[m, k] = x[m, k] * rsqrt(mean over k of x^2 + eps) * weight[k] - centre[k]; x [rows][columns] row-major, weight, centre and y BF16, FP32
 * inside.
 *
 * @param source type of x, the residual stream: BF16 or FP32
 * @param layout how y lies: {@link OperandLayout#PLAIN} or {@link OperandLayout#BF16}
 * @param centred whether there is a centre
 */
public record RmsNormSpec(ScalarType source, OperandLayout layout, boolean centred) implements KernelSpec {
    public static final String STEM = "rmsnorm";

    private static final String CENTRE = "centre";

    public RmsNormSpec {
        ResidualTypes.check(STEM, source);
        PlainLayouts.check(STEM, layout);
    }

    /** A norm that takes nothing off. */
    public RmsNormSpec(ScalarType source, OperandLayout layout) {
        this(source, layout, false);
    }

    @Override
    public String stem() {
        return STEM;
    }

    /** Centres are left out where there are none, as texts had it before there were any. */
    @Override
    public String text() {
        return centred
                ? SpecText.write(STEM, "in", source.text(), "less", CENTRE, "layout", PlainLayouts.text(layout))
                : SpecText.write(STEM, "in", source.text(), "layout", PlainLayouts.text(layout));
    }

    /** Reads the fields of {@link #text()}. */
    public static RmsNormSpec read(SpecText fields) {
        ScalarType source = ScalarType.parse(fields.next("in"));
        boolean centred = fields.optional("less").map(RmsNormSpec::centred).orElse(false);
        return new RmsNormSpec(source, PlainLayouts.parse(fields.next("layout")), centred);
    }

    private static boolean centred(String text) {
        if (!text.equals(CENTRE)) {
            throw new IllegalArgumentException("a norm takes off a " + CENTRE + " or nothing, not '" + text + "'");
        }
        return true;
    }
}
