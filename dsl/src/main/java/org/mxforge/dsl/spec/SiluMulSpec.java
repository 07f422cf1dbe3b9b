package org.mxforge.dsl.spec;

import org.mxforge.dsl.layout.OperandLayout;

/**
 * y[m, k] = silu(x[m, k]) * x[m, columns + k]; BF16, x [rows][2 columns] row-major, gates and their factors side by side; FP32 inside: the
 * gated MLP before a plain layer. A quantized layer has it fused into its quantizer.
 *
 * @param layout how y lies: {@link OperandLayout#PLAIN} or {@link OperandLayout#BF16}
 */
public record SiluMulSpec(OperandLayout layout) implements KernelSpec {
    public static final String STEM = "silumul";

    public SiluMulSpec {
        PlainLayouts.check(STEM, layout);
    }

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM, "layout", PlainLayouts.text(layout));
    }

    /** Reads the fields of {@link #text()}. */
    public static SiluMulSpec read(SpecText fields) {
        return new SiluMulSpec(PlainLayouts.parse(fields.next("layout")));
    }
}
