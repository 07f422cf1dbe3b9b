package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Qwen2 and Qwen2.5: Llama's layers with a bias on queries, keys and values. */
final class Qwen2 implements ModelFamily {
    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public String architecture() {
        return "Qwen2ForCausalLM";
    }

    @Override
    public void defaults(ObjectNode fields) {
        fields.put("use_sliding_window", false);
    }

    @Override
    public DecoderLayer layer(LayerBuilder layer) {
        return new DecoderLayer(layer.attention(true, false), layer.gatedMlp(false));
    }
}
