package org.mxforge.dsl.spec;

/**
 * y[m, k] = silu(x[m, k]) * x[m, columns + k]; BF16, y [rows][columns] and x [rows][2 columns] row-major, gates and their factors side
 * by side; FP32 inside: the gated MLP before a plain layer. A quantized layer has it fused into its quantizer.
 */
public record SiluMulSpec() implements KernelSpec {
    public static final String STEM = "silumul";

    @Override
    public String stem() {
        return STEM;
    }

    @Override
    public String text() {
        return SpecText.write(STEM);
    }

    /** Reads the fields of {@link #text()}. */
    public static SiluMulSpec read(SpecText fields) {
        return new SiluMulSpec();
    }
}
