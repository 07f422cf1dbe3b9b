package org.mxforge.dsl.spec;

import org.mxforge.dsl.space.ConfigSpace;
import org.mxforge.dsl.target.Target;

/**
 * y[m, k] = silu(gate[m, k]) * up[m, k]; all BF16, [rows][columns] row-major, FP32 inside: the gated MLP before a plain layer. A
 * quantized layer has it fused into its quantizer.
 */
public record SiluMulSpec() implements KernelSpec {
    static final String STEM = "silumul";

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
