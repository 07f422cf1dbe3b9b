package org.mxforge.runtime.quant;

/**
 * A linear layer of a decoder, as its configuration describes it.
 *
 * @param name as in the checkpoint, such as {@code model.layers.0.self_attn.q_proj}, without {@code .weight}
 * @param outputs rows of the weight
 * @param channels columns of the weight
 * @param bias whether it has one
 */
public record LinearLayer(String name, int outputs, int channels, boolean bias) {}
