package org.mxforge.runtime.model.family;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;
import org.mxforge.runtime.model.family.ModelConfig.Rope;

/**
 * Reads the rotary positions of a {@code config.json} as transformers resolves them: {@code rope_scaling} takes the place of
 * {@code rope_parameters} as a whole, a theta inside goes before {@code rope_theta} beside it, and an
 * {@code original_max_position_embeddings} beside it before one inside.
 */
final class RopeReader {
    private static final double MAX_FACTOR = 1e6;
    private static final double MAX_THETA = 1e12;
    private static final String THETA = "rope_theta";
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
        JsonFields place = parameters.filter(rope -> rope.has(THETA)).orElse(fields);
        double theta = place.number(THETA, 1, MAX_THETA);
        if (theta == 1) {
            throw place.bad(THETA, "above 1");
        }
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
            case "dynamic" -> dynamic(rope);
            case "yarn" -> yarn(rope);
            case "longrope" -> longRope(rope);
            default ->
                throw new MxForgeException(rope.where() + ": the rope_type '" + type
                        + "' is not supported; supported are default, linear, dynamic, llama3, yarn and longrope");
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

    private RopeScaling dynamic(JsonFields rope) {
        if (head == 2) {
            throw new MxForgeException(rope.where() + ": the rope_type dynamic is not defined for heads of width 2");
        }
        return new RopeScaling.Dynamic(factor(rope), positions);
    }

    private RopeScaling yarn(JsonFields rope) {
        int original = originalPositions(rope);
        // Null, unlike nothing, asks for the ratio.
        double factor =
                rope.has("factor") || !rope.object().has("factor") ? factor(rope) : (double) positions / original;
        double fast = rope.number("beta_fast", 0, MAX_FACTOR, 0);
        double slow = rope.number("beta_slow", 0, MAX_FACTOR, 0);
        RopeScaling.Yarn yarn = new RopeScaling.Yarn(
                factor,
                attentionFactor(rope, yarnAttention(rope, factor)),
                original,
                fast == 0 ? 32 : fast,
                slow == 0 ? 1 : slow,
                rope.flag("truncate", true));
        if (yarn.fast() < yarn.slow()) {
            throw new MxForgeException(rope.where() + ": beta_fast is " + yarn.fast() + ", below beta_slow, "
                    + yarn.slow() + ": exchange them");
        }
        return yarn;
    }

    /** The sharpness that YaRN's authors recommend, or that of DeepSeek where it gives both scales. */
    private static double yarnAttention(JsonFields rope, double factor) {
        double scale = rope.number("mscale", 0, MAX_FACTOR, 0);
        double ofAll = rope.number("mscale_all_dim", 0, MAX_FACTOR, 0);
        boolean both = scale != 0 && ofAll != 0;
        double log = 0.1 * Math.log(Math.max(factor, 1));
        return both ? (scale * log + 1) / (ofAll * log + 1) : log + 1;
    }

    private RopeScaling longRope(JsonFields rope) {
        int original = originalPositions(rope);
        double factor = rope.has("factor") ? factor(rope) : (double) positions / original;
        double recommended = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        double attention = attentionFactor(rope, recommended);
        if (!Double.isFinite(attention)) {
            throw new MxForgeException(rope.where() + ": an original context of one token cannot be stretched: check "
                    + ORIGINAL + " and max_position_embeddings");
        }
        return new RopeScaling.LongRope(
                factorsOfPairs(rope, "short_factor"), factorsOfPairs(rope, "long_factor"), original, attention);
    }

    private List<Double> factorsOfPairs(JsonFields rope, String key) {
        List<Double> factors = rope.numbers(key, 1 / MAX_FACTOR, MAX_FACTOR);
        if (factors.size() != head / 2) {
            throw new MxForgeException(rope.where() + ": " + key + " has " + factors.size()
                    + " numbers, but heads of width " + head + " need " + head / 2);
        }
        return factors;
    }

    private static double attentionFactor(JsonFields rope, double recommended) {
        return rope.number("attention_factor", 1 / MAX_FACTOR, MAX_FACTOR, recommended);
    }

    private int originalPositions(JsonFields rope) {
        return (fields.has(ORIGINAL) ? fields : rope).integer(ORIGINAL, 1, ConfigReader.MAX_POSITIONS, positions);
    }
}
