package org.mxforge.runtime.exec.spi;

/** What happens to activations on their way into a linear layer, fused with quantization where there is one. */
public sealed interface InputStep {
    /** Nothing. */
    record None() implements InputStep {}

    /** RMSNorm with {@code weight} and {@code epsilon}. */
    record RmsNorm(Vector weight, float epsilon) implements InputStep {}

    /** silu(x) * up; the matrix the step is applied to is the gate. */
    record SiluMul(Matrix up) implements InputStep {}
}
