package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;
import org.mxforge.runtime.base.json.JsonFields;

/** A family of models: how it is recognised, what its configuration leaves out, and what its decoder layers consist of. */
interface ModelFamily {
    /** The projection to the vocabulary, where it is not the embedding table. */
    String OUTPUT_HEAD = "lm_head";

    /** What {@code config.json} calls it in {@code model_type}. */
    String modelType();

    /** What {@code config.json} calls it in {@code architectures}. */
    String architecture();

    /** Puts what fields have that {@code config.json} leaves out, where families differ in it. */
    void defaults(ObjectNode fields);

    /** The embedding table, as all tensors without {@code .weight}. */
    default String embedding() {
        return "model.embed_tokens";
    }

    /** The norm after the last layer. */
    default String norm() {
        return "model.norm";
    }

    /** How many positions the attention of layer {@code layer} sees, its own included, where it does not see all before it. */
    default OptionalInt window(JsonFields fields, int layer) {
        return OptionalInt.empty();
    }

    /** One decoder layer. */
    DecoderLayer layer(LayerBuilder layer);
}
