package org.mxforge.runtime.exec.spi;

import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.quant.InputQuantization;
import org.mxforge.runtime.quant.QuantizedWeight;

/** A linear layer's weight and bias on a {@link Backend}, [outputs][channels]; lives as long as its backend. */
public interface Linear {
    int outputs();

    int channels();

    /** How the layer wants its input; empty when it multiplies plain activations. */
    Optional<InputQuantization> input();

    /** The weight of a linear layer in host memory, plain or quantized. */
    sealed interface Weight {
        /** Rows of the weight. */
        int outputs();

        /** As it was trained and stored; {@code values} are [outputs][channels]. */
        record Plain(ScalarArray values, int outputs, int channels) implements Weight {
            @Override
            public Linear on(Backend backend, float[] bias, List<Integer> siteOutputs) {
                return backend.linear(values, outputs, channels, bias);
            }
        }

        /** Packed. */
        record Quantized(QuantizedWeight weight) implements Weight {
            @Override
            public int outputs() {
                return weight.matrix().rows();
            }

            @Override
            public Linear on(Backend backend, float[] bias, List<Integer> siteOutputs) {
                return backend.linear(weight, bias, siteOutputs);
            }
        }

        /**
         * The layer on {@code backend}.
         *
         * @param bias outputs values, or null
         * @param siteOutputs the outputs of all layers that are to share its input, its own included
         */
        Linear on(Backend backend, float[] bias, List<Integer> siteOutputs);
    }
}
