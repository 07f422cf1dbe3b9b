package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Llama, and what has its layers under its name. */
final class Llama implements ModelFamily {
    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public String architecture() {
        return "LlamaForCausalLM";
    }

    @Override
    public void defaults(ObjectNode fields) {
        fields.put("vocab_size", 32_000)
                .put("intermediate_size", 11_008)
                .put("max_position_embeddings", 2048)
                .put("eos_token_id", 2);
    }

    @Override
    public DecoderLayer layer(LayerBuilder layer) {
        boolean bias = layer.flag("attention_bias");
        return new DecoderLayer(layer.attention(bias, bias), layer.gatedMlp(layer.flag("mlp_bias")));
    }
}
