package org.mxforge.runtime.model.family;

import java.util.Optional;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/**
 * Reads the rotary positions of a {@code config.json} as transformers resolves them: {@code rope_scaling} takes the place of
 * {@code rope_parameters} as a whole, a theta inside goes before {@code rope_theta} beside it, and an
 * {@code original_max_position_embeddings} beside it before one inside.
 */
final class RopeReader {
    private static final double MAX_FACTOR = 1e6;
    private static final double MAX_THETA = 1e12;
    private static final String ORIGINAL = "original_max_position_embeddings";

    private final JsonFields fields;
    private final int head;
    private final int positions;

    /**
     * Reads of {@code fields}.
     *
     * @param head width of a head
     * @param positions the model's {@code max_position_embeddings}
     */
    RopeReader(JsonFields fields, int head, int positions) {
        this.fields = fields;
        this.head = head;
        this.positions = positions;
    }

    Rope read() {
        checkWholeHeads(fields);
        Optional<JsonFields> parameters = Stream.of("rope_scaling", "rope_parameters")
                .flatMap(key -> fields.optionalSection(key).stream())
                .filter(section -> !section.object().isEmpty())
                .findFirst();
        JsonFields rope = parameters.orElse(fields);
        double theta = (rope.has("rope_theta") ? rope : fields).number("rope_theta", 1, MAX_THETA);
        RopeScaling scaling = parameters.map(this::scaling).orElse(new RopeScaling.None());
        return new Rope(theta, scaling, ScalarType.FP32);
    }

    private RopeScaling scaling(JsonFields rope) {
        checkWholeHeads(rope);
        String type = rope.text("rope_type", rope.text("type", "default"));
        return switch (type) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(factor(rope));
            case "llama3" -> llama3(rope);
            default ->
                throw new MxForgeException(rope.where() + ": the rope_type '" + type
                        + "' is not supported; supported are default, linear and llama3");
        };
    }

    private static void checkWholeHeads(JsonFields fields) {
        fields.number("partial_rotary_factor", 1, 1, 1);
        Stream.of("full_attention", "sliding_attention")
                .filter(fields::has)
                .findFirst()
                .ifPresent(key -> {
                    throw new MxForgeException(fields.where() + ": rotary positions of their own for " + key
                            + " are not supported; they must be the same in all layers");
                });
    }

    private static double factor(JsonFields rope) {
        return rope.number("factor", 1, MAX_FACTOR);
    }

    private RopeScaling llama3(JsonFields rope) {
        double low = rope.number("low_freq_factor", 1e-3, MAX_FACTOR);
        double high = rope.number("high_freq_factor", 1e-3, MAX_FACTOR);
        if (!(high > low)) {
            throw rope.bad("high_freq_factor", "above low_freq_factor, " + low);
        }
        return new RopeScaling.Llama3(factor(rope), low, high, originalPositions(rope));
    }

    private int originalPositions(JsonFields rope) {
        return (fields.has(ORIGINAL) ? fields : rope).integer(ORIGINAL, 1, ConfigReader.MAX_POSITIONS, positions);
    }
}
