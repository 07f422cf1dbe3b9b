package org.mxforge.runtime.quant;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.GroupTransform;
import org.mxforge.dsl.text.Spelling;

/** The {@code name=value;name=value} settings of a recipe text: any order, each at most once, none unknown. */
final class RecipeSettings {
    private final Map<String, String> values = new LinkedHashMap<>();
    private final Set<String> known = new LinkedHashSet<>();

    private RecipeSettings() {}

    static RecipeSettings none() {
        return new RecipeSettings();
    }

    static RecipeSettings read(String text) {
        RecipeSettings settings = new RecipeSettings();
        for (String setting : text.split(";", -1)) {
            int equals = setting.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + setting + "' is not a setting name=value");
            }
            String name = setting.substring(0, equals);
            if (settings.values.put(name, setting.substring(equals + 1)) != null) {
                throw new IllegalArgumentException("'" + name + "' is set twice");
            }
        }
        return settings;
    }

    /** The value of {@code name}, taken out, or {@code usual} where it is not set. */
    <T> T take(String name, Function<String, T> parser, T usual) {
        known.add(name);
        String value = values.remove(name);
        return value == null ? usual : parser.apply(value);
    }

    /** The value of {@code hadamard}: the channels of a group, which is the one block there is. */
    GroupTransform transform() {
        return take(
                "hadamard",
                text -> {
                    if (whole("hadamard", text) != GroupLayout.GROUP) {
                        throw new IllegalArgumentException(
                                "hadamard '" + text + "' is not " + GroupLayout.GROUP + ", the channels of a group");
                    }
                    return GroupTransform.HADAMARD;
                },
                GroupTransform.NONE);
    }

    /** What {@link #transform} reads as {@code transform}, with a semicolon before it; nothing where there is none. */
    static String text(GroupTransform transform) {
        return transform == GroupTransform.NONE ? "" : ";hadamard=" + GroupLayout.GROUP;
    }

    Partitioning partitioning() {
        Partitioning usual = Partitioning.DEFAULT;
        return new Partitioning(
                take("metric", SortMetric::parse, usual.metric()),
                sizes(),
                take("granularity", text -> whole("granularity", text), usual.granularity()));
    }

    private PartSizes sizes() {
        boolean byHand = values.containsKey("p4") || values.containsKey("p6") || values.containsKey("p8");
        boolean byShare = values.containsKey("shares");
        if ((byHand || byShare) && values.containsKey("lambda") || byHand && byShare) {
            throw new IllegalArgumentException("sizes of the parts are set twice: by lambda, shares, or p4, p6 and p8");
        }
        if (byHand) {
            return new PartSizes.ByHand(
                    take("p4", text -> OptionalInt.of(whole("p4", text)), OptionalInt.empty()),
                    take("p6", text -> whole("p6", text), 0),
                    take("p8", text -> whole("p8", text), 0));
        }
        PartSizes usual = take(
                "lambda",
                text -> new PartSizes.ByThreshold(real("lambda", text)),
                take("preset", RecipeSettings::preset, Partitioning.DEFAULT.sizes()));
        return take("shares", PartSizes.ByShare::parse, usual);
    }

    /** The whole number {@code name}, taken out, or {@code usual}. */
    int whole(String name, int usual) {
        return take(name, text -> whole(name, text), usual);
    }

    /** The number {@code name}, taken out, if it is set. */
    OptionalDouble real(String name) {
        return take(name, text -> OptionalDouble.of(real(name, text)), OptionalDouble.empty());
    }

    /** {@code result}, after making sure that nothing is left over. */
    <T> T end(T result) {
        if (!values.isEmpty()) {
            String name = values.keySet().iterator().next();
            String hint = Spelling.hint(name, known);
            String there = known.isEmpty() ? ", there are none" : ": use " + String.join(", ", known);
            throw new IllegalArgumentException("unknown setting '" + name + "'" + (hint.isEmpty() ? there : hint));
        }
        return result;
    }

    private static PartSizes preset(String text) {
        return switch (text) {
            case "main" -> Partitioning.DEFAULT.sizes();
            case "paper" -> new PartSizes.ByThreshold(0.144);
            default -> throw new IllegalArgumentException("unknown preset '" + text + "': use main or paper");
        };
    }

    private static int whole(String name, String text) {
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(name + " '" + text + "' is not a whole number");
        }
        return Integer.parseInt(text);
    }

    private static double real(String name, String text) {
        // Double.parseDouble alone would take hexadecimal numbers, type suffixes and spaces.
        if (!text.matches("\\d{1,15}(\\.\\d{1,17})?([eE]-?\\d{1,3})?")) {
            throw new IllegalArgumentException(name + " '" + text + "' is not a number above 0");
        }
        return Double.parseDouble(text);
    }
}
