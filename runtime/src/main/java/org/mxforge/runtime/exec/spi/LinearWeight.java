package org.mxforge.runtime.exec.spi;

import org.mxforge.runtime.quant.QuantizedWeight;

/** The weight of a linear layer in host memory, plain or quantized. */
public sealed interface LinearWeight {
    /** As it was trained; {@code bf16} is [outputs][channels]. */
    record Plain(short[] bf16, int outputs, int channels) implements LinearWeight {
        @Override
        public Linear on(Backend backend, float[] bias) {
            return backend.linear(bf16, outputs, channels, bias);
        }
    }

    /** Packed. */
    record Quantized(QuantizedWeight weight) implements LinearWeight {
        @Override
        public Linear on(Backend backend, float[] bias) {
            return backend.linear(weight, bias);
        }
    }

    /** The layer on {@code backend}; {@code bias} has outputs values or is null. */
    Linear on(Backend backend, float[] bias);
}
