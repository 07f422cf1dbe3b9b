package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import org.mxforge.runtime.base.json.JsonFields;

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
        fields.put("vocab_size", 151_936)
                .put("intermediate_size", 22_016)
                .put("num_key_value_heads", 32)
                .put("head_dim", 128)
                .put("max_position_embeddings", 32_768)
                .put("sliding_window", 4096)
                .put("max_window_layers", 28);
    }

    @Override
    public OptionalInt window(JsonFields fields, int layer) {
        return SlidingWindows.inSomeLayers(fields, layer);
    }

    @Override
    public DecoderLayer layer(LayerBuilder layer) {
        boolean bias = layer.flag("attention_bias");
        return new DecoderLayer(layer.attentionWithHeadNorms(bias, bias), layer.gatedMlp(false));
    }
}
