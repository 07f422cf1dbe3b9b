package org.mxforge.runtime.model.family;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * Reads {@code config.json} as Hugging Face writes it, in the form of transformers 5 ({@code rope_parameters}) and the older
 * one ({@code rope_theta}, {@code rope_scaling}). All numbers are bounded, so that later arithmetic cannot overflow.
 */
final class ConfigReader {
    private static final long MAX_BYTES = 4L << 20;
    private static final int MAX_WIDTH = 1 << 18;
    private static final int MAX_POSITIONS = 1 << 24;
    private static final double MAX_FACTOR = 1e6;

    private final JsonFields fields;
    private final ModelFamily family;

    private ConfigReader(JsonFields config) {
        this.family = ModelFamilies.of(config);
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        family.defaults(values);
        // A field that is null is one that was left out.
        config.object().properties().stream()
                .filter(field -> !field.getValue().isNull())
                .forEach(field -> values.set(field.getKey(), field.getValue()));
        this.fields = new JsonFields(config.where(), values);
    }

    /**
     * The configuration in {@code folder}, its end tokens together with those of {@code generation_config.json} if there is
     * one.
     *
     * @throws MxForgeException naming the file and the key that is missing, out of bounds or not supported
     */
    static ModelConfig read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new MxForgeException("there is no folder " + folder + ": point at a folder with a checkpoint");
        }
        Set<Integer> ends = new HashSet<>();
        Path generation = folder.resolve("generation_config.json");
        if (Files.exists(generation)) {
            ends.addAll(endTokens(StrictJson.read(generation, MAX_BYTES)));
        }
        return new ConfigReader(StrictJson.read(folder.resolve("config.json"), MAX_BYTES)).config(ends);
    }

    /** The configuration in {@code fields} alone. */
    static ModelConfig read(JsonFields fields) {
        return new ConfigReader(fields).config(Set.of());
    }

    private ModelConfig config(Set<Integer> moreEnds) {
        if (!fields.text("hidden_act", "silu").equals("silu")) {
            throw fields.bad("hidden_act", "silu, the only activation supported");
        }
        int hidden = width("hidden_size");
        int heads = fields.integer("num_attention_heads", 1, 1024);
        int kvHeads = fields.integer("num_key_value_heads", 1, 1024, heads);
        if (heads % kvHeads != 0) {
            throw fields.bad("num_key_value_heads", "a divisor of num_attention_heads, " + heads);
        }
        ModelWidths widths = new ModelWidths(hidden, width("intermediate_size"), heads, kvHeads, head(hidden, heads));
        Set<Integer> ends = new HashSet<>(moreEnds);
        ends.addAll(endTokens(fields));
        return new ModelConfig(
                fields.integer("vocab_size", 1, 1 << 22),
                family.embedding(),
                hidden,
                layers(widths),
                heads,
                kvHeads,
                widths.head(),
                positions(),
                (float) fields.number("rms_norm_eps", 1e-12, 1, 1e-6),
                rope(),
                family.norm(),
                fields.flag("tie_word_embeddings", false) ? family.embedding() : family.outputHead(),
                ends);
    }

    private List<DecoderLayer> layers(ModelWidths widths) {
        return IntStream.range(0, fields.integer("num_hidden_layers", 1, 1024))
                .mapToObj(layer -> family.layer(new LayerBuilder(fields, widths, layer)))
                .toList();
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

    /** A sliding window sees what full attention sees while the context fits into it, so the context is kept that short. */
    private int positions() {
        int positions = fields.integer("max_position_embeddings", 1, MAX_POSITIONS);
        boolean sliding = fields.has("sliding_window") && fields.flag("use_sliding_window", true);
        return sliding ? Math.min(positions, fields.integer("sliding_window", 1, MAX_POSITIONS)) : positions;
    }

    /** {@code rope_theta} is in {@code rope_parameters}, or in the configuration itself beside {@code rope_scaling}. */
    private Rope rope() {
        fields.number("partial_rotary_factor", 1, 1, 1);
        JsonFields parameters = fields.optionalSection("rope_parameters").orElse(fields);
        double theta = (parameters.has("rope_theta") ? parameters : fields).number("rope_theta", 1, 1e12, 10_000);
        RopeScaling scaling = Stream.of("rope_parameters", "rope_scaling")
                .flatMap(key -> fields.optionalSection(key).stream())
                .findFirst()
                .map(ConfigReader::ropeScaling)
                .orElse(new RopeScaling.None());
        return new Rope(theta, scaling, ScalarType.FP32);
    }

    private static RopeScaling ropeScaling(JsonFields rope) {
        String type = rope.text("rope_type", rope.text("type", "default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(rope.number("factor", 1, MAX_FACTOR));
            case "llama3" -> llama3(rope);
            default ->
                throw new MxForgeException(rope.where() + ": the rope_type '" + type
                        + "' is not supported; supported are default, linear and llama3");
        };
    }

    private static RopeScaling llama3(JsonFields rope) {
        double low = rope.number("low_freq_factor", 1e-3, MAX_FACTOR);
        double high = rope.number("high_freq_factor", 1e-3, MAX_FACTOR);
        if (!(high > low)) {
            throw rope.bad("high_freq_factor", "above low_freq_factor, " + low);
        }
        return new RopeScaling.Llama3(
                rope.number("factor", 1, MAX_FACTOR),
                low,
                high,
                rope.integer("original_max_position_embeddings", 1, MAX_POSITIONS));
    }

    private static List<Integer> endTokens(JsonFields fields) {
        return fields.integers("eos_token_id", 0, Integer.MAX_VALUE);
    }
}
