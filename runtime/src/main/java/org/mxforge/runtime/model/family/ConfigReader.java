package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;
import org.mxforge.runtime.model.family.ModelConfig.Rope;

/**
 * Reads {@code config.json} as transformers resolves it, in the form of transformers 5 ({@code rope_parameters}) and the older
 * one ({@code rope_theta}, {@code rope_scaling}). What is left out has the value of its family's configuration class, and
 * unknown keys do not count. All numbers are bounded, so that later arithmetic cannot overflow.
 */
final class ConfigReader {
    static final int MAX_POSITIONS = 1 << 24;
    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_WIDTH = 1 << 18;

    /** Where null is a value of its own, as many as query heads or no window, and does not mean what is left out. */
    private static final Set<String> NULLABLE = Set.of("num_key_value_heads", "sliding_window");

    private static final String END_TOKENS = "eos_token_id";

    /** SiLU has two names. */
    private static final Set<String> ACTIVATIONS = Set.of("silu", "swish");

    /** What the file says. */
    private final JsonFields given;

    /** The same with what it leaves out. */
    private final JsonFields fields;

    private final ModelFamily family;

    private ConfigReader(JsonFields config) {
        this.given = config;
        this.family = ModelFamilies.of(config);
        ObjectNode values = JsonNodeFactory.instance
                .objectNode()
                .put("hidden_size", 4096)
                .put("num_hidden_layers", 32)
                .put("num_attention_heads", 32)
                .put("hidden_act", "silu")
                .put("rms_norm_eps", 1e-6)
                .put("rope_theta", 10_000)
                .put("tie_word_embeddings", false);
        family.defaults(values);
        config.object().properties().stream()
                .filter(field -> !field.getValue().isNull() || NULLABLE.contains(field.getKey()))
                .forEach(field -> values.set(field.getKey(), field.getValue()));
        this.fields = new JsonFields(config.where(), values);
    }

    /**
     * The configuration in {@code folder}, its end tokens together with those of {@code generation_config.json} if there is
     * one.
     *
     * @throws MxForgeException naming the file and the key that is out of bounds, at odds with another or not supported
     */
    static ModelConfig read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new MxForgeException("there is no folder " + folder + ": point at a folder with a checkpoint");
        }
        Set<Integer> ends = new HashSet<>();
        Path generation = folder.resolve("generation_config.json");
        if (Files.exists(generation)) {
            ends.addAll(endTokens(StrictJson.readAsPython(generation, MAX_BYTES)));
        }
        JsonFields config = StrictJson.readAsPython(folder.resolve("config.json"), MAX_BYTES);
        ForeignQuantization.refuse(config);
        return new ConfigReader(config).config(ends);
    }

    /** The configuration in {@code config} alone. */
    static ModelConfig of(JsonFields config) {
        return new ConfigReader(config).config(Set.of());
    }

    private ModelConfig config(Set<Integer> moreEnds) {
        if (!ACTIVATIONS.contains(fields.text("hidden_act"))) {
            throw fields.bad("hidden_act", "silu, the only activation supported");
        }
        int hidden = width("hidden_size");
        int heads = fields.integer("num_attention_heads", 1, 1024);
        int kvHeads = kvHeads(heads);
        int positions = fields.integer("max_position_embeddings", 1, MAX_POSITIONS);
        ModelWidths widths = new ModelWidths(hidden, width("intermediate_size"), heads, kvHeads, head(hidden, heads));
        Rope rope = new RopeReader(fields, widths.head(), positions).read();
        return new ModelConfig(
                fields.integer("vocab_size", 1, 1 << 22),
                family.embedding(),
                hidden,
                layers(widths),
                heads,
                kvHeads,
                widths.head(),
                rope.scaling().context(positions),
                (float) fields.number("rms_norm_eps", 1e-12, 1),
                rope,
                family.norm(),
                fields.flag("tie_word_embeddings", false) ? family.embedding() : ModelFamily.OUTPUT_HEAD,
                endTokens(moreEnds));
    }

    private List<DecoderLayer> layers(ModelWidths widths) {
        int layers = fields.integer("num_hidden_layers", 1, 1024);
        if (fields.has("per_layer_config")) {
            throw new MxForgeException(
                    fields.where() + " has per_layer_config, but layers of different sizes are not supported");
        }
        SlidingWindows.checkLayerTypes(fields, layers);
        return IntStream.range(0, layers)
                .mapToObj(layer -> family.layer(new LayerBuilder(fields, widths, layer, family.window(fields, layer))))
                .toList();
    }

    private int kvHeads(int heads) {
        int kvHeads = fields.integer("num_key_value_heads", 1, 1024, heads);
        if (heads % kvHeads != 0) {
            throw new MxForgeException(fields.where() + ": num_key_value_heads is " + kvHeads
                    + (given.has("num_key_value_heads") ? "" : ", where it is left out in a " + family.modelType())
                    + ", not a divisor of num_attention_heads, " + heads);
        }
        return kvHeads;
    }

    private int width(String key) {
        return fields.integer(key, 1, MAX_WIDTH);
    }

    private int head(int hidden, int heads) {
        if (!fields.has("head_dim") && hidden % heads != 0) {
            throw fields.bad("hidden_size", "a multiple of num_attention_heads, " + heads);
        }
        int head = fields.integer("head_dim", 2, 1024, hidden / heads);
        if (head % 2 != 0) {
            throw new MxForgeException(fields.where() + ": heads of width " + head
                    + " cannot be rotated, they must be even: check hidden_size, num_attention_heads and head_dim");
        }
        return head;
    }

    /** Those of either file, or where none says anything, those of the family. */
    private Set<Integer> endTokens(Set<Integer> ofGeneration) {
        Set<Integer> ends = new HashSet<>(ofGeneration);
        ends.addAll(endTokens(given));
        if (ends.isEmpty() && !given.object().has(END_TOKENS)) {
            ends.addAll(endTokens(fields));
        }
        return ends;
    }

    private static List<Integer> endTokens(JsonFields fields) {
        return fields.integers(END_TOKENS, 0, Integer.MAX_VALUE);
    }
}
