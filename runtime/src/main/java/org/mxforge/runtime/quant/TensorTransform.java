package org.mxforge.runtime.quant;

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
}
