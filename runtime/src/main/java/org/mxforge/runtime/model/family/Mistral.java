package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import org.mxforge.runtime.base.json.JsonFields;

/** Mistral: Llama's layers without biases, with a sliding window in all of them. */
final class Mistral implements ModelFamily {
    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public String architecture() {
        return "MistralForCausalLM";
    }

    @Override
    public void defaults(ObjectNode fields) {
        fields.put("vocab_size", 32_000)
                .put("intermediate_size", 14_336)
                .put("num_key_value_heads", 8)
                .put("max_position_embeddings", 131_072)
                .put("sliding_window", 4096)
                .put("eos_token_id", 2);
    }

    @Override
    public OptionalInt window(JsonFields fields, int layer) {
        return SlidingWindows.inAllLayers(fields);
    }

    @Override
    public DecoderLayer layer(LayerBuilder layer) {
        return new DecoderLayer(layer.attention(false, false), layer.gatedMlp(false));
    }
}
