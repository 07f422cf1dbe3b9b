package org.mxforge.runtime.model.family;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.JsonFields;

/** What {@code sliding_window} means: how many positions a token's attention sees, its own included. */
final class SlidingWindows {
    private static final String LAYER_TYPES = "layer_types";
    private static final String SLIDING = "sliding_attention";

    /** {@code attention} is what transformers called full attention before there was another. */
    private static final Set<String> SUPPORTED = Set.of("full_attention", "attention", SLIDING);

    private SlidingWindows() {}

    /** A window that all layers have; none where {@code sliding_window} is null. */
    static OptionalInt inAllLayers(JsonFields fields) {
        return fields.has("sliding_window") ? OptionalInt.of(width(fields)) : OptionalInt.empty();
    }

    /**
     * The window of one layer, where {@code use_sliding_window} allows any: of those that {@code layer_types} calls sliding,
     * or without it, of those from {@code max_window_layers} on.
     */
    static OptionalInt inSomeLayers(JsonFields fields, int layer) {
        boolean allowed = fields.flag("use_sliding_window", false) && fields.has("sliding_window");
        List<String> types = fields.texts(LAYER_TYPES);
        if (types.isEmpty()) {
            return allowed && layer >= fields.integer("max_window_layers", 0, Integer.MAX_VALUE)
                    ? OptionalInt.of(width(fields))
                    : OptionalInt.empty();
        }
        if (!types.get(layer).equals(SLIDING)) {
            return OptionalInt.empty();
        }
        if (!allowed) {
            throw new MxForgeException(fields.where() + ": layer " + layer + " is sliding_attention in layer_types, but"
                    + " use_sliding_window and sliding_window give it no window: check which of them is right");
        }
        return OptionalInt.of(width(fields));
    }

    /** Refuses {@code layer_types} that are not of this many layers or have another kind of attention. */
    static void checkLayerTypes(JsonFields fields, int layers) {
        List<String> types = fields.texts(LAYER_TYPES);
        if (fields.has(LAYER_TYPES) && types.size() != layers) {
            throw new MxForgeException(fields.where() + ": layer_types has " + types.size()
                    + " entries, but num_hidden_layers is " + layers);
        }
        types.stream().filter(type -> !SUPPORTED.contains(type)).findFirst().ifPresent(type -> {
            throw new MxForgeException(fields.where() + ": '" + type
                    + "' in layer_types is not supported; supported are full_attention and sliding_attention");
        });
    }

    private static int width(JsonFields fields) {
        return fields.integer("sliding_window", 1, Integer.MAX_VALUE);
    }
}
