package org.mxforge.runtime.exec.spi;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.quant.LinearSite;
import org.mxforge.runtime.quant.PlainWeight;
import org.mxforge.runtime.quant.QuantizedWeight;

/** A linear layer's weight and bias on a {@link Backend}, [outputs][channels]; lives as long as its backend. */
public interface Linear {
    int outputs();

    int channels();

    /** The weight of a linear layer, plain or quantized, which is read when it is wanted. */
    sealed interface Weight {
        /** Values that kernels read together. */
        int VECTOR = 8;

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

            @Override
            public Weight withRows(int[] order) {
                return new Plain(weight.withRows(order));
            }

            /** In whole vectors, as kernels read rows. */
            @Override
            public int[] channelsOf(int index, int count) {
                if (channels() % (VECTOR * count) != 0) {
                    throw new MxForgeException(channels() + " channels cannot be shared by " + count
                            + " GPUs, since these read them in eights: use fewer GPUs");
                }
                int own = channels() / count;
                return IntStream.range(index * own, (index + 1) * own).toArray();
            }

            @Override
            public Weight share(int index, int count) {
                return new Plain(weight.withChannels(channelsOf(index, count)));
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

            @Override
            public Weight withRows(int[] order) {
                return new Quantized(weight.withRows(order));
            }

            @Override
            public boolean canAlternate() {
                return outputs() % Epilogue.SWIGLU.rowMultiple() == 0;
            }

            @Override
            public int[] channelsOf(int index, int count) {
                return weight.channelsOf(index, count);
            }

            @Override
            public Weight share(int index, int count) {
                return new Quantized(weight.share(index, count));
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

            @Override
            public Weight withRows(int[] order) {
                return new Int8(weight.withRows(order));
            }

            @Override
            public int[] channelsOf(int index, int count) {
                throw new MxForgeException("int8 has one scale for all channels of a token, which " + count
                        + " GPUs that share them do not know: use one GPU or another recipe");
            }

            @Override
            public Weight share(int index, int count) {
                throw new IllegalStateException("the channels of a weight in INT8 are not shared");
            }
        }

        /**
         * In parts, one for each of the devices that share a model, see {@link Backend#shards}.
         *
         * @param cut which parts these are
         * @param outputs of the whole weight
         * @param parts in the order of the devices, as many
         * @param rows which rows of the whole weight each part has, in their order
         */
        record Shared(Cut cut, int outputs, List<Weight> parts, List<int[]> rows) implements Weight {
            @Override
            public int channels() {
                return parts.get(0).channels();
            }

            /** {@code bias} is that of the whole weight. */
            @Override
            public Linear on(Backend backend, float[] bias) {
                return backend.linear(this, bias);
            }

            /** The values of the whole {@code bias} that belong to a part. */
            public float[] bias(float[] bias, int part) {
                if (bias == null) {
                    return null;
                }
                float[] own = new float[rows.get(part).length];
                for (int i = 0; i < own.length; i++) {
                    own[i] = bias[rows.get(part)[i]];
                }
                return own;
            }

            @Override
            public boolean canAlternate() {
                return parts.stream().allMatch(Weight::canAlternate);
            }

            @Override
            public Weight alternating() {
                return new Shared(
                        cut,
                        outputs,
                        parts.stream().map(Weight::alternating).toList(),
                        rows.stream()
                                .map(own -> IntStream.of(Epilogue.alternating(own.length))
                                        .map(row -> own[row])
                                        .toArray())
                                .toList());
            }

            private static Optional<Weight> joined(List<Shared> weights) {
                Shared first = weights.get(0);
                List<Weight> parts = new ArrayList<>();
                List<int[]> rows = new ArrayList<>();
                for (int i = 0; i < first.parts.size(); i++) {
                    int part = i;
                    Optional<Weight> joined = Weight.joined(weights.stream()
                            .map(weight -> weight.parts.get(part))
                            .toList());
                    if (joined.isEmpty() || weights.stream().anyMatch(weight -> weight.cut != first.cut)) {
                        return Optional.empty();
                    }
                    parts.add(joined.get());
                    IntStream.Builder numbers = IntStream.builder();
                    int before = 0;
                    for (Shared weight : weights) {
                        for (int row : weight.rows.get(part)) {
                            numbers.add(before + row);
                        }
                        before += weight.outputs;
                    }
                    rows.add(numbers.build().toArray());
                }
                int outputs = weights.stream().mapToInt(Shared::outputs).sum();
                return Optional.of(new Shared(first.cut, outputs, parts, rows));
            }
        }

        /** Which part of a layer a device has that shares a model with others. */
        enum Cut {
            /** Some outputs, over all channels: what it puts out is a part of what the layer puts out. */
            OUTPUTS,
            /** Some channels, of all outputs: what it puts out is a summand of what the layer puts out. */
            CHANNELS,
            /** All of it, over channels that the devices have parts of. */
            NOTHING
        }

        /** The layer on {@code backend}; {@code bias} has outputs values or is null. */
        Linear on(Backend backend, float[] bias);

        /** Row {@code order[i]} of it as row i. */
        default Weight withRows(int[] order) {
            throw new IllegalStateException("a weight is cut once");
        }

        /**
         * Whether a product with it, the rows of gates and then those of their factors, ends in {@link Epilogue#SWIGLU}: if it is
         * quantized, so that its rows are laid out anew anyway.
         */
        default boolean canAlternate() {
            return false;
        }

        /** The same weight as {@link Epilogue#SWIGLU} reads it. */
        default Weight alternating() {
            return withRows(Epilogue.alternating(outputs()));
        }

        /**
         * The channels that device {@code index} of {@code count} has, in their order, if all of them share the channels.
         *
         * @throws MxForgeException if they cannot be shared so
         */
        default int[] channelsOf(int index, int count) {
            throw new IllegalStateException("a weight is cut once");
        }

        /** The columns {@link #channelsOf}, as a weight whose input has these channels alone. */
        default Weight share(int index, int count) {
            throw new IllegalStateException("a weight is cut once");
        }

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
                            .map(Int8::new))
                    .or(() -> all(Shared.class, weights).flatMap(Shared::joined));
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

        /**
         * Gate and up as one layer that puts out silu(gate) * up; empty where they cannot be.
         *
         * @param weights of gate and up, in this order
         */
        public static Optional<Joined> gated(Backend backend, List<Linear.Weight> weights) {
            return Linear.Weight.joined(weights)
                    .filter(Linear.Weight::canAlternate)
                    .map(both -> new Joined(backend, List.of(both.alternating().on(backend, null)), Epilogue.SWIGLU));
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
