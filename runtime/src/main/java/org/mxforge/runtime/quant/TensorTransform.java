package org.mxforge.runtime.quant;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A change of a model's tensors before its linear layers are quantized, such as smoothing or a rotation, which makes them
 * easier to quantize and leaves what the whole model computes as it was.
 */
public interface TensorTransform {
    /** No change. */
    TensorTransform NONE = new TensorTransform() {
        @Override
        public boolean changes(String tensor) {
            return false;
        }

        @Override
        public void apply(String tensor, float[] values) {}
    };

    /** Whether {@code tensor} becomes another; one that does not is taken over bit by bit. */
    boolean changes(String tensor);

    /**
     * Changes a tensor that {@link #changes} says becomes another.
     *
     * @param tensor as in the checkpoint, such as {@code model.layers.0.input_layernorm.weight}
     * @param values all of it, row-major, changed in place
     */
    void apply(String tensor, float[] values);

    /** Tensors that the checkpoint does not have and the stored ones that they begin as, by name: an output head that was tied. */
    default Map<String, String> copies() {
        return Map.of();
    }

    /** Vectors that the checkpoint does not have, by name, and their lengths; they begin as zeros and are stored in BF16. */
    default Map<String, Integer> vectors() {
        return Map.of();
    }

    /** This change and then {@code next}. */
    default TensorTransform then(TensorTransform next) {
        TensorTransform first = this;
        return new TensorTransform() {
            @Override
            public boolean changes(String tensor) {
                return first.changes(tensor) || next.changes(tensor);
            }

            @Override
            public void apply(String tensor, float[] values) {
                if (first.changes(tensor)) {
                    first.apply(tensor, values);
                }
                if (next.changes(tensor)) {
                    next.apply(tensor, values);
                }
            }

            @Override
            public Map<String, String> copies() {
                Map<String, String> all = new LinkedHashMap<>(first.copies());
                all.putAll(next.copies());
                return all;
            }

            @Override
            public Map<String, Integer> vectors() {
                Map<String, Integer> all = new LinkedHashMap<>(first.vectors());
                all.putAll(next.vectors());
                return all;
            }
        };
    }
}
