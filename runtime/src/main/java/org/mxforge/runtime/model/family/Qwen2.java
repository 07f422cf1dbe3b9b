package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import org.mxforge.runtime.base.json.JsonFields;

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
        fields.put("vocab_size", 151_936)
                .put("intermediate_size", 22_016)
                .put("num_key_value_heads", 32)
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
        return new DecoderLayer(layer.attention(true, false), layer.gatedMlp(false));
    }
}
