package org.mxforge.runtime.model.family;

import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.runtime.quant.LinearSite;

/**
 * Causal self-attention of a decoder layer.
 *
 * @param norm of the residual stream before it, without {@code .weight}
 * @param input the layers that make queries, keys and values, in this order
 * @param headNorms where each head of the queries and keys is normed before it is rotated
 * @param window how many positions a token sees, its own included, where it does not see all before it
 * @param output the layer that goes back to the residual stream
 */
public record AttentionBlock(
        String norm, LinearSite input, Optional<HeadNorms> headNorms, OptionalInt window, LinearSite output) {
    /**
     * RMS norms over the width of a head, which all heads of a layer share.
     *
     * @param queries the weight for queries, without {@code .weight}
     * @param keys the weight for keys
     */
    public record HeadNorms(String queries, String keys) {}
}
