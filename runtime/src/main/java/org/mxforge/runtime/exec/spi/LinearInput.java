package org.mxforge.runtime.exec.spi;

import java.util.Optional;

/** Activations in the form that a {@link Linear} multiplies: plain, or reordered, quantized and packed. */
public interface LinearInput extends AutoCloseable {
    int rows();

    int channels();

    @Override
    void close();

    /** What happens to activations on their way into a linear layer, fused with quantization where there is one. */
    sealed interface Step {
        /** Columns of the matrix that becomes an input of {@code channels} channels. */
        default int width(int channels) {
            return channels;
        }

        /** Nothing. */
        record None() implements Step {}

        /** RMSNorm with {@code weight} and {@code epsilon}, from whose result {@code centre} is taken if there is one. */
        record RmsNorm(Vector weight, Optional<Vector> centre, float epsilon) implements Step {
            /** A norm from which nothing is taken. */
            public RmsNorm(Vector weight, float epsilon) {
                this(weight, Optional.empty(), epsilon);
            }
        }

        /** silu(gate) * up, which lie side by side in the matrix the step is applied to, [rows][2 * channels]. */
        record SiluMul() implements Step {
            @Override
            public int width(int channels) {
                return 2 * channels;
            }
        }
    }
}
