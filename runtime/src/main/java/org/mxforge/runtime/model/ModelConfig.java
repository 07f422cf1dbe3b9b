package org.mxforge.runtime.model;

import java.util.List;
import java.util.Set;
import org.mxforge.runtime.quant.LinearSite;

/**
 * What a decoder looks like; read by {@link ConfigReader}.
 *
 * @param architecture the family
 * @param vocabulary tokens
 * @param hidden width of the residual stream
 * @param intermediate width of the gated MLP, of each expert where there are some
 * @param layers decoder layers
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param head width of a head
 * @param maxPositions longest context in tokens, a sliding window's width where one is active: up to it both are the same
 * @param epsilon of the RMS norms
 * @param rope the rotary positions
 * @param tiedEmbeddings whether the output head is the embedding table
 * @param qkvBias whether q, k and v have a bias
 * @param outputBias whether o has a bias
 * @param mlpBias whether gate, up and down have a bias
 * @param experts experts of each layer; 0 for a plain MLP
 * @param expertsPerToken experts a token is sent to; 0 for a plain MLP
 * @param endTokens ids that end a text
 */
public record ModelConfig(
        Architecture architecture,
        int vocabulary,
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int kvHeads,
        int head,
        int maxPositions,
        float epsilon,
        Rope rope,
        boolean tiedEmbeddings,
        boolean qkvBias,
        boolean outputBias,
        boolean mlpBias,
        int experts,
        int expertsPerToken,
        Set<Integer> endTokens) {
    public ModelConfig {
        endTokens = Set.copyOf(endTokens);
    }

    /** The same model with other rotary positions. */
    public ModelConfig with(Rope rope) {
        return new ModelConfig(
                architecture,
                vocabulary,
                hidden,
                intermediate,
                layers,
                heads,
                kvHeads,
                head,
                maxPositions,
                epsilon,
                rope,
                tiedEmbeddings,
                qkvBias,
                outputBias,
                mlpBias,
                experts,
                expertsPerToken,
                endTokens);
    }

    /** Width of all query heads. */
    public int queryWidth() {
        return heads * head;
    }

    /** Width of all key heads, and of all value heads. */
    public int keyWidth() {
        return kvHeads * head;
    }

    /** The linear sites of all layers in the order of the forward pass. */
    public List<LinearSite> linearSites() {
        return DecoderSites.all(this);
    }
}
