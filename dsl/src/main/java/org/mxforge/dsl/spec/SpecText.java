package org.mxforge.dsl.spec;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/** The fields of a canonical spec text, {@code stem/v1;name=value;name=value}, read strictly in order. */
final class SpecText {
    private static final String VERSION = "v1";

    private final String text;
    private final String stem;
    private final Iterator<String> fields;

    private SpecText(String text, String stem, List<String> fields) {
        this.text = text;
        this.stem = stem;
        this.fields = fields.iterator();
    }

    static SpecText read(String text) {
        List<String> parts = new ArrayList<>(List.of(text.split(";", -1)));
        String head = parts.remove(0);
        if (!head.endsWith("/" + VERSION)) {
            throw new IllegalArgumentException(
                    "bad spec '" + text + "': it must begin with a kernel name and version, as mxgemm/" + VERSION);
        }
        return new SpecText(text, head.substring(0, head.length() - VERSION.length() - 1), parts);
    }

    /** Writes a spec text; {@code namesAndValues} alternates. */
    static String write(String stem, String... namesAndValues) {
        StringBuilder out = new StringBuilder(stem).append('/').append(VERSION);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            out.append(';').append(namesAndValues[i]).append('=').append(namesAndValues[i + 1]);
        }
        return out.toString();
    }

    /** The values alone, joined by underscores. */
    static String values(String text) {
        List<String> parts = List.of(text.split(";", -1));
        return parts.subList(1, parts.size()).stream()
                .map(part -> part.substring(part.indexOf('=') + 1))
                .collect(Collectors.joining("_"));
    }

    String stem() {
        return stem;
    }

    IllegalArgumentException unknownKernel() {
        return new IllegalArgumentException("unknown kernel '" + stem + "' in spec '" + text + "'");
    }

    /** The value of the next field, which must be called {@code name}. */
    String next(String name) {
        String field = fields.hasNext() ? fields.next() : "";
        if (!field.startsWith(name + "=")) {
            throw new IllegalArgumentException(
                    "bad spec '" + text + "': field '" + name + "' is missing or out of order");
        }
        return field.substring(name.length() + 1);
    }

    int number(String name) {
        String value = next(name);
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("bad spec '" + text + "': '" + name + "' is not a number");
        }
        return Integer.parseInt(value);
    }

    /** {@code spec}, after making sure that nothing is left over. */
    <T extends KernelSpec> T end(T spec) {
        if (fields.hasNext()) {
            throw new IllegalArgumentException("bad spec '" + text + "': unknown field '" + fields.next() + "'");
        }
        return spec;
    }
}
