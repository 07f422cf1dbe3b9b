package org.mxforge.runtime.model.family;

import org.mxforge.runtime.quant.LinearSite;

/**
 * Causal self-attention of a decoder layer.
 *
 * @param norm of the residual stream before it, without {@code .weight}
 * @param input the layers that make queries, keys and values, in this order
 * @param output the layer that goes back to the residual stream
 */
public record AttentionBlock(String norm, LinearSite input, LinearSite output) {}
