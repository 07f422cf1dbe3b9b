package org.mxforge.runtime.model.family;

/** Mixtral: Llama's attention and routed experts. */
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
    public DecoderLayer layer(LayerBuilder layer) {
        int experts = layer.integer("num_local_experts", 1, 1024);
        int perToken = layer.integer("num_experts_per_tok", 1, experts);
        return new DecoderLayer(
                layer.attention(false, false),
                layer.experts("block_sparse_moe.", experts, perToken, new ExpertNames("w1", "w3", "w2")));
    }
}
