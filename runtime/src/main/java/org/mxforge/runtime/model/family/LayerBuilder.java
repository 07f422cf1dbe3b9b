package org.mxforge.runtime.model.family;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.model.family.DecoderLayer.AttentionBlock;
import org.mxforge.runtime.model.family.DecoderLayer.FeedForwardBlock;
import org.mxforge.runtime.quant.LinearLayer;
import org.mxforge.runtime.quant.LinearSite;

/** What a family describes a decoder layer with: fields of its own, and blocks under the names that most families give them. */
final class LayerBuilder {
    /** Four times as many as the largest models have; each costs memory before a tensor of it is looked for. */
    private static final int MOST_EXPERTS = 1 << 16;

    private final JsonFields fields;
    private final ModelWidths widths;
    private final String layer;
    private final OptionalInt window;

    /**
     * For decoder layer {@code index} of the model that {@code fields} describe.
     *
     * @param window how many positions its attention sees, where not all
     */
    LayerBuilder(JsonFields fields, ModelWidths widths, int index, OptionalInt window) {
        this.fields = fields;
        this.widths = widths;
        this.window = window;
        this.layer = "model.layers." + index + ".";
    }

    /** A field of the configuration that is false where it is left out. */
    boolean flag(String key) {
        return fields.flag(key, false);
    }

    /** A field of the configuration, a whole number from {@code min} to {@code max}. */
    int integer(String key, int min, int max) {
        return fields.integer(key, min, max);
    }

    /**
     * Attention with rotary positions.
     *
     * @param inputBias whether queries, keys and values have a bias
     * @param outputBias whether the way back to the residual stream has one
     */
    AttentionBlock attention(boolean inputBias, boolean outputBias) {
        return attention(inputBias, Optional.empty(), outputBias);
    }

    /** The same with a norm on each head of the queries and keys. */
    AttentionBlock attentionWithHeadNorms(boolean inputBias, boolean outputBias) {
        String prefix = layer + "self_attn.";
        return attention(
                inputBias, Optional.of(new AttentionBlock.HeadNorms(prefix + "q_norm", prefix + "k_norm")), outputBias);
    }

    private AttentionBlock attention(
            boolean inputBias, Optional<AttentionBlock.HeadNorms> headNorms, boolean outputBias) {
        String prefix = layer + "self_attn.";
        int queries = widths.heads() * widths.head();
        int keys = widths.kvHeads() * widths.head();
        return new AttentionBlock(
                layer + "input_layernorm",
                new LinearSite(
                        prefix + "qkv",
                        List.of(
                                new LinearLayer(prefix + "q_proj", queries, widths.hidden(), inputBias),
                                new LinearLayer(prefix + "k_proj", keys, widths.hidden(), inputBias),
                                new LinearLayer(prefix + "v_proj", keys, widths.hidden(), inputBias))),
                headNorms,
                window,
                new LinearSite(
                        prefix + "o",
                        List.of(new LinearLayer(prefix + "o_proj", widths.hidden(), queries, outputBias))));
    }

    /** One MLP for all tokens, its three layers with or without a bias. */
    FeedForwardBlock gatedMlp(boolean bias) {
        String prefix = layer + "mlp.";
        return new FeedForwardBlock.Gated(
                layer + "post_attention_layernorm",
                new LinearSite(
                        prefix + "gate_up",
                        List.of(
                                new LinearLayer(prefix + "gate_proj", widths.intermediate(), widths.hidden(), bias),
                                new LinearLayer(prefix + "up_proj", widths.intermediate(), widths.hidden(), bias))),
                new LinearSite(
                        prefix + "down",
                        List.of(new LinearLayer(prefix + "down_proj", widths.hidden(), widths.intermediate(), bias))));
    }

    /**
     * Routed experts without biases.
     *
     * @param folder what the family calls their block, with a period behind
     */
    FeedForwardBlock experts(String folder, int experts, int perToken, ExpertNames names) {
        long all = (long) experts * fields.integer("num_hidden_layers", 1, Integer.MAX_VALUE);
        if (all > MOST_EXPERTS) {
            throw new MxForgeException(
                    fields.where() + " asks for " + all + " experts in all layers together, more than the "
                            + MOST_EXPERTS + " that a model may have here: check that it is the right file");
        }
        String prefix = layer + folder + "experts.";
        List<LinearLayer> inputs = new ArrayList<>();
        List<LinearSite> outputs = new ArrayList<>();
        for (int expert = 0; expert < experts; expert++) {
            String own = prefix + expert + ".";
            inputs.add(new LinearLayer(own + names.gate(), widths.intermediate(), widths.hidden(), false));
            inputs.add(new LinearLayer(own + names.up(), widths.intermediate(), widths.hidden(), false));
            String down = own + names.down();
            outputs.add(new LinearSite(
                    down,
                    List.of(new LinearLayer(down, widths.hidden(), widths.intermediate(), false)),
                    prefix + names.down(),
                    1));
        }
        return new FeedForwardBlock.Routed(
                layer + "post_attention_layernorm",
                new LinearLayer(layer + folder + "gate", experts, widths.hidden(), false),
                perToken,
                new LinearSite(
                        prefix + names.gate() + "_" + names.up(), inputs, prefix + names.gate() + "_" + names.up(), 2),
                outputs);
    }
}
