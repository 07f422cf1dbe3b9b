package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Qwen3, the dense ones: Llama's layers with a norm on each head of the queries and keys. */
final class Qwen3 implements ModelFamily {
    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public String architecture() {
        return "Qwen3ForCausalLM";
    }

    @Override
    public void defaults(ObjectNode fields) {
        fields.put("head_dim", 128);
        fields.put("use_sliding_window", false);
    }

    @Override
    public DecoderLayer layer(LayerBuilder layer) {
        boolean bias = layer.flag("attention_bias");
        return new DecoderLayer(layer.attentionWithHeadNorms(bias, bias), layer.gatedMlp(false));
    }
}
