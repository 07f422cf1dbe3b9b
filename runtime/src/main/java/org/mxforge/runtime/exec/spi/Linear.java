package org.mxforge.runtime.exec.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/** A linear layer's weight and bias on a {@link Backend}, [outputs][channels]; lives as long as its backend. */
public interface Linear {
    int outputs();

    int channels();

    /** The weight of a linear layer, plain or quantized, which is read when it is wanted. */
    sealed interface Weight {
        /** Rows of the weight. */
        int outputs();

        /** Columns of the weight. */
        int channels();

        /** As it was trained and stored. */
        record Plain(PlainWeight weight) implements Weight {
            @Override
            public int outputs() {
                return weight.outputs();
            }

            @Override
            public int channels() {
                return weight.channels();
            }

            @Override
            public Linear on(Backend backend, float[] bias) {
                return backend.linear(weight, bias);
            }
        }

        /** Packed. */
        record Quantized(QuantizedWeight weight) implements Weight {
            @Override
            public int outputs() {
                return weight.outputs();
            }

            @Override
            public int channels() {
                return weight.input().split().channels();
            }

            @Override
            public Linear on(Backend backend, float[] bias) {
                return backend.linear(weight, bias);
            }
        }

        /** To be brought into INT8, with one scale for each output. */
        record Int8(PlainWeight weight) implements Weight {
            @Override
            public int outputs() {
                return weight.outputs();
            }

            @Override
            public int channels() {
                return weight.channels();
            }

            @Override
            public Linear on(Backend backend, float[] bias) {
                return backend.int8(weight, bias);
            }
        }

        /** The layer on {@code backend}; {@code bias} has outputs values or is null. */
        Linear on(Backend backend, float[] bias);

        /**
         * One weight with the rows of all {@code weights} in their order; empty where one layer cannot have them: where they are not all
         * plain in one type, all quantized for one input or all in INT8, or too large for one array.
         */
        static Optional<Weight> joined(List<Weight> weights) {
            long outputs = weights.stream().mapToLong(Weight::outputs).sum();
            if (outputs * weights.get(0).channels() > LinearSite.MOST_ELEMENTS) {
                return Optional.empty();
            }
            return all(Plain.class, weights)
                    .flatMap(plain ->
                            PlainWeight.joined(plain.stream().map(Plain::weight).toList()))
                    .<Weight>map(Plain::new)
                    .or(() -> all(Quantized.class, weights)
                            .flatMap(quantized -> QuantizedWeight.joined(
                                    quantized.stream().map(Quantized::weight).toList()))
                            .map(Quantized::new))
                    .or(() -> all(Int8.class, weights)
                            .flatMap(int8 -> PlainWeight.joined(
                                    int8.stream().map(Int8::weight).toList()))
                            .map(Int8::new));
        }

        private static <W extends Weight> Optional<List<W>> all(Class<W> form, List<Weight> weights) {
            return Optional.of(weights.stream()
                            .filter(form::isInstance)
                            .map(form::cast)
                            .toList())
                    .filter(found -> found.size() == weights.size());
        }
    }

    /**
     * The layers that read one input, whose outputs lie side by side in one matrix: one layer with the rows of all where they want their
     * input in the same form, so that it is prepared once and one product computes them; else one after the other.
     */
    final class Joined {
        private final Backend backend;
        private final List<Linear> layers;
        private final Epilogue epilogue;

        private Joined(Backend backend, List<Linear> layers, Epilogue epilogue) {
            this.backend = backend;
            this.layers = layers;
            this.epilogue = epilogue;
        }

        /**
         * Brings layers onto {@code backend}.
         *
         * @param weights of each, in the order of their outputs
         * @param bias of all, one behind the other, or null
         */
        public static Joined of(Backend backend, List<Linear.Weight> weights, float[] bias) {
            List<Linear> layers = new ArrayList<>();
            int from = 0;
            for (Linear.Weight weight :
                    Linear.Weight.joined(weights).map(List::of).orElse(weights)) {
                int to = from + weight.outputs();
                layers.add(weight.on(backend, bias == null ? null : Arrays.copyOfRange(bias, from, to)));
                from = to;
            }
            return new Joined(backend, List.copyOf(layers), bias == null ? Epilogue.NONE : Epilogue.BIAS);
        }

        /** All layers as one, or the first. */
        public Linear first() {
            return layers.get(0);
        }

        /** {@code out = [layer(step(x)) of each layer]}, with their biases. */
        public void project(LinearInput.Step step, Matrix x, Matrix out) {
            int column = 0;
            for (Linear layer : layers) {
                try (LinearInput input = backend.input(layer, step, x)) {
                    if (layers.size() == 1) {
                        backend.linear(layer, input, epilogue, null, out);
                    } else {
                        backend.linearSection(layer, input, epilogue, out, column);
                    }
                }
                column += layer.outputs();
            }
        }
    }
}
