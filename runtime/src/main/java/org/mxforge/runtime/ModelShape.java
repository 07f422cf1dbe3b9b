package org.mxforge.runtime;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.mxforge.runtime.base.MxForgeException;

/**
 * What a well-known model looks like, without its weights: enough to measure how fast it would be.
 *
 * @param name such as {@code llama-3.1-8b}
 * @param family {@code model_type} in {@code config.json}
 * @param hidden width of the residual stream
 * @param intermediate width inside the MLP, or inside one expert
 * @param layers decoder layers
 * @param heads query heads
 * @param kvHeads key and value heads
 * @param vocabulary tokens
 * @param maxPositions longest context in tokens
 * @param theta base of the rotary frequencies
 */
public record ModelShape(
        String name,
        String family,
        int hidden,
        int intermediate,
        int layers,
        int heads,
        int kvHeads,
        int vocabulary,
        int maxPositions,
        double theta) {
    private static final List<ModelShape> KNOWN = List.of(
            new ModelShape("llama-2-7b", "llama", 4096, 11_008, 32, 32, 32, 32_000, 4096, 1e4),
            new ModelShape("llama-3.1-8b", "llama", 4096, 14_336, 32, 32, 8, 128_256, 131_072, 5e5),
            new ModelShape("qwen2.5-7b", "qwen2", 3584, 18_944, 28, 28, 4, 152_064, 32_768, 1e6),
            new ModelShape("qwen2.5-14b", "qwen2", 5120, 13_824, 48, 40, 8, 152_064, 32_768, 1e6),
            new ModelShape("qwen2.5-32b", "qwen2", 5120, 27_648, 64, 40, 8, 152_064, 32_768, 1e6),
            new ModelShape("mixtral-8x7b", "mixtral", 4096, 14_336, 32, 32, 8, 32_000, 32_768, 1e6));

    /** The shape that is called so, if there is one. */
    public static Optional<ModelShape> named(String name) {
        return KNOWN.stream().filter(shape -> shape.name.equals(name)).findFirst();
    }

    /** What shapes are called. */
    public static List<String> names() {
        return KNOWN.stream().map(ModelShape::name).toList();
    }

    /**
     * The same with fewer layers.
     *
     * @throws MxForgeException if it has not as many
     */
    public ModelShape withLayers(int fewer) {
        if (fewer < 1 || fewer > layers) {
            throw new MxForgeException(
                    "the number of layers is " + fewer + ": give 1 to " + layers + ", as many as " + name + " has");
        }
        return new ModelShape(
                name, family, hidden, intermediate, fewer, heads, kvHeads, vocabulary, maxPositions, theta);
    }

    /** A model of this shape with random weights in BF16 and no tokenizer. */
    public RandomModel make() {
        return RandomModel.of(this);
    }

    ObjectNode config() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("model_type", family)
                .put("hidden_size", hidden)
                .put("intermediate_size", intermediate)
                .put("num_hidden_layers", layers)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", kvHeads)
                .put("vocab_size", vocabulary)
                .put("max_position_embeddings", maxPositions)
                .put("rope_theta", theta)
                .put("rms_norm_eps", 1e-5)
                .put("tie_word_embeddings", false);
    }
}
