package org.mxforge.runtime.model.family;

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
    public DecoderLayer layer(LayerBuilder layer) {
        boolean bias = layer.flag("attention_bias");
        return new DecoderLayer(layer.attention(bias, bias), layer.gatedMlp(layer.flag("mlp_bias")));
    }
}
