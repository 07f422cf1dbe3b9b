package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import org.mxforge.runtime.base.json.JsonFields;

/** Mixtral: Mistral's attention and routed experts. */
final class Mixtral implements ModelFamily {
    @Override
    public String modelType() {
        return "mixtral";
    }

    @Override
    public String architecture() {
        return "MixtralForCausalLM";
    }

    @Override
    public void defaults(ObjectNode fields) {
        fields.put("vocab_size", 32_000)
                .put("intermediate_size", 14_336)
                .put("num_key_value_heads", 8)
                .put("max_position_embeddings", 131_072)
                .put("rms_norm_eps", 1e-5)
                .put("rope_theta", 1e6)
                .put("num_local_experts", 8)
                .put("num_experts_per_tok", 2)
                .put("eos_token_id", 2);
    }

    @Override
    public OptionalInt window(JsonFields fields, int layer) {
        return SlidingWindows.inAllLayers(fields);
    }

    @Override
    public DecoderLayer layer(LayerBuilder layer) {
        int experts = layer.integer("num_local_experts", 1, 1024);
        int perToken = layer.integer("num_experts_per_tok", 1, experts);
        return new DecoderLayer(
                layer.attention(false, false),
                layer.experts("block_sparse_moe.", experts, perToken, new ExpertNames("w1", "w3", "w2")));
    }
}
