package org.mxforge.runtime.base.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
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
        String wanted = "a whole number from " + min + " to " + max;
        int value = value(key, Integer.class, wanted);
        if (value < min || value > max) {
            throw bad(key, wanted);
        }
        return value;
    }

    /** A whole number from {@code min} to {@code max}, or {@code fallback} where there is none. */
    public int integer(String key, int min, int max, int fallback) {
        return has(key) ? integer(key, min, max) : fallback;
    }

    /** A finite number from {@code min} to {@code max}. */
    public double number(String key, double min, double max) {
        String wanted = "a number from " + min + " to " + max;
        double value = value(key, Double.class, wanted);
        if (!(value >= min && value <= max)) {
            throw bad(key, wanted);
        }
        return value;
    }

    /** A finite number from {@code min} to {@code max}, or {@code fallback} where there is none. */
    public double number(String key, double min, double max, double fallback) {
        return has(key) ? number(key, min, max) : fallback;
    }

    public boolean flag(String key, boolean fallback) {
        return has(key) ? value(key, Boolean.class, "true or false") : fallback;
    }

    public String text(String key) {
        return value(key, String.class, "a text");
    }

    public String text(String key, String fallback) {
        return has(key) ? text(key) : fallback;
    }

    /** A list of texts; empty where there is none. */
    public List<String> texts(String key) {
        if (!has(key)) {
            return List.of();
        }
        if (!object.get(key).isArray()) {
            throw bad(key, "a list");
        }
        return list(key, String[].class, "a list of texts");
    }

    /** One whole number from {@code min} to {@code max} or a list of such; empty where there is none. */
    public List<Integer> integers(String key, int min, int max) {
        String wanted = "whole numbers from " + min + " to " + max;
        List<Integer> numbers = has(key) ? list(key, Integer[].class, wanted) : List.of();
        if (numbers.stream().anyMatch(number -> number < min || number > max)) {
            throw bad(key, wanted);
        }
        return numbers;
    }

    /** A list of finite numbers from {@code min} to {@code max}. */
    public List<Double> numbers(String key, double min, double max) {
        String wanted = "a list of numbers from " + min + " to " + max;
        List<Double> numbers = list(key, Double[].class, wanted);
        if (!numbers.stream().allMatch(number -> number >= min && number <= max)) {
            throw bad(key, wanted);
        }
        return numbers;
    }

    /** An object whose values are all texts, in its order. */
    public Map<String, String> textMap(String key) {
        JsonFields section = section(key);
        Map<String, String> texts = new LinkedHashMap<>();
        section.object.fieldNames().forEachRemaining(name -> texts.put(name, section.text(name)));
        return texts;
    }

    /** An object within this one. */
    public JsonFields section(String key) {
        return new JsonFields(where + ", " + key, value(key, ObjectNode.class, "an object"));
    }

    /** The objects of a list. */
    public List<JsonFields> sections(String key) {
        if (!has(key) || !object.get(key).isArray()) {
            throw bad(key, "a list");
        }
        return list(key, ObjectNode[].class, "a list of objects").stream()
                .map(entry -> new JsonFields(where + ", " + key, entry))
                .toList();
    }

    /** An object within this one, if it is there. */
    public Optional<JsonFields> optionalSection(String key) {
        return has(key) ? Optional.of(section(key)) : Optional.empty();
    }

    /** The error for a key whose value is not {@code wanted}. */
    public MxForgeException bad(String key, String wanted) {
        return new MxForgeException(
                where + ": " + brief(key) + " is " + brief(String.valueOf(object.get(key))) + ", not " + wanted);
    }

    private <T> List<T> list(String key, Class<T[]> type, String wanted) {
        List<T> values = Arrays.asList(value(key, type, wanted));
        if (values.contains(null)) {
            throw bad(key, wanted);
        }
        return List.copyOf(values);
    }

    private <T> T value(String key, Class<T> type, String wanted) {
        if (!has(key)) {
            throw new MxForgeException(where + " lacks " + brief(key) + ": check that it is the right file");
        }
        try {
            return StrictJson.MAPPER.treeToValue(object.get(key), type);
        } catch (JsonProcessingException e) {
            throw bad(key, wanted);
        }
    }

    private static String brief(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "..." : text;
    }
}
