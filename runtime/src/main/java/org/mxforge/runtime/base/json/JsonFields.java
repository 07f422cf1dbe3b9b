package org.mxforge.runtime.base.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mxforge.runtime.base.MxForgeException;

/**
 * The fields of a JSON object, each taken with its type and bounds checked. A key that is absent and one that is
 * {@code null} mean the same. Every error is an {@link MxForgeException} that names the document and the key.
 *
 * @param where the document, for errors
 * @param object its fields
 */
public record JsonFields(String where, ObjectNode object) {
    public boolean has(String key) {
        return object.hasNonNull(key);
    }

    /** A whole number from {@code min} to {@code max}. */
    public int integer(String key, int min, int max) {
        JsonNode node = required(key);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            throw bad(key, "a whole number from " + min + " to " + max);
        }
        return node.intValue();
    }

    /** A whole number from {@code min} to {@code max}, or {@code fallback} where there is none. */
    public int integer(String key, int min, int max, int fallback) {
        return has(key) ? integer(key, min, max) : fallback;
    }

    /** A finite number from {@code min} to {@code max}. */
    public double number(String key, double min, double max) {
        JsonNode node = required(key);
        if (!node.isNumber() || !(node.doubleValue() >= min && node.doubleValue() <= max)) {
            throw bad(key, "a number from " + min + " to " + max);
        }
        return node.doubleValue();
    }

    /** A finite number from {@code min} to {@code max}, or {@code fallback} where there is none. */
    public double number(String key, double min, double max, double fallback) {
        return has(key) ? number(key, min, max) : fallback;
    }

    public boolean flag(String key, boolean fallback) {
        if (!has(key)) {
            return fallback;
        }
        JsonNode node = object.get(key);
        if (!node.isBoolean()) {
            throw bad(key, "true or false");
        }
        return node.booleanValue();
    }

    public String text(String key) {
        JsonNode node = required(key);
        if (!node.isTextual()) {
            throw bad(key, "a text");
        }
        return node.textValue();
    }

    public String text(String key, String fallback) {
        return has(key) ? text(key) : fallback;
    }

    /** A list of texts; empty where there is none. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        if (has(key)) {
            for (JsonNode node : array(key)) {
                if (!node.isTextual()) {
                    throw bad(key, "a list of texts");
                }
                texts.add(node.textValue());
            }
        }
        return List.copyOf(texts);
    }

    /** One whole number from {@code min} to {@code max} or a list of such; empty where there is none. */
    public List<Integer> integers(String key, int min, int max) {
        List<Integer> numbers = new ArrayList<>();
        if (has(key)) {
            for (JsonNode node : object.get(key).isArray() ? array(key) : List.of(object.get(key))) {
                if (!node.isIntegralNumber()
                        || !node.canConvertToInt()
                        || node.intValue() < min
                        || node.intValue() > max) {
                    throw bad(key, "whole numbers from " + min + " to " + max);
                }
                numbers.add(node.intValue());
            }
        }
        return List.copyOf(numbers);
    }

    /** An object whose values are all texts, in its order. */
    public Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : section(key).object.properties()) {
            if (!entry.getValue().isTextual()) {
                throw bad(key, "an object of texts; '" + brief(entry.getKey()) + "' is none");
            }
            texts.put(entry.getKey(), entry.getValue().textValue());
        }
        return texts;
    }

    /** An object within this one. */
    public JsonFields section(String key) {
        if (!(required(key) instanceof ObjectNode inner)) {
            throw bad(key, "an object");
        }
        return new JsonFields(where + ", " + key, inner);
    }

    /** An object within this one, if it is there. */
    public Optional<JsonFields> optionalSection(String key) {
        return has(key) ? Optional.of(section(key)) : Optional.empty();
    }

    /** The error for a key whose value is not {@code wanted}. */
    public MxForgeException bad(String key, String wanted) {
        return new MxForgeException(
                where + ": " + key + " is " + brief(String.valueOf(object.get(key))) + ", not " + wanted);
    }

    private JsonNode required(String key) {
        if (!has(key)) {
            throw new MxForgeException(where + " lacks " + key + ": check that it is the right file");
        }
        return object.get(key);
    }

    private Iterable<JsonNode> array(String key) {
        if (!object.get(key).isArray()) {
            throw bad(key, "a list");
        }
        return object.get(key);
    }

    private static String brief(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}
