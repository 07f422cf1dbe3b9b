package org.mxforge.runtime.exec.spi;

/** Activations in the form that a {@link Linear} multiplies: plain, or reordered, quantized and packed. */
public interface LinearInput extends AutoCloseable {
    int rows();

    int channels();

    @Override
    void close();

    /** What happens to activations on their way into a linear layer, fused with quantization where there is one. */
    sealed interface Step {
        /** Nothing. */
        record None() implements Step {}

        /** RMSNorm with {@code weight} and {@code epsilon}. */
        record RmsNorm(Vector weight, float epsilon) implements Step {}

        /** silu(x) * up; the matrix the step is applied to is the gate. */
        record SiluMul(Matrix up) implements Step {}
    }
}
