package org.mxforge.dsl.spec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mxforge.dsl.text.Spelling;

/** The fields of a canonical spec text, {@code stem/v1;name=value;name=value}, read strictly in order. */
public final class SpecText {
    private final String text;
    private final String stem;
    private final int version;
    private final Deque<String> fields;

    private SpecText(String text, String stem, int version, List<String> fields) {
        this.text = text;
        this.stem = stem;
        this.version = version;
        this.fields = new ArrayDeque<>(fields);
    }

    static SpecText of(String text) {
        List<String> parts = new ArrayList<>(List.of(text.split(";", -1)));
        String head = parts.remove(0);
        int slash = head.lastIndexOf('/');
        if (slash < 0 || !head.substring(slash).matches("/v[1-9]")) {
            throw new IllegalArgumentException(
                    "bad spec '" + text + "': it must begin with a kernel name and version, as mxgemm/v2");
        }
        return new SpecText(text, head.substring(0, slash), head.charAt(head.length() - 1) - '0', parts);
    }

    /**
     * Writes a spec text of version 1.
     *
     * @param namesAndValues alternate
     */
    public static String write(String stem, String... namesAndValues) {
        return write(stem, 1, namesAndValues);
    }

    /** Writes a spec text of a later version. */
    static String write(String stem, int version, String... namesAndValues) {
        StringBuilder out = new StringBuilder(stem).append("/v").append(version);
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

    /** @param known the stems there are */
    IllegalArgumentException unknownKernel(Collection<String> known) {
        return new IllegalArgumentException(
                "unknown kernel '" + stem + "'" + Spelling.hint(stem, known) + " in spec '" + text + "'");
    }

    /** Refuses a text of another version than {@code wanted}. */
    void checkVersion(int wanted) {
        if (version != wanted) {
            throw new IllegalArgumentException("bad spec '" + text + "': it must begin with " + stem + "/v" + wanted);
        }
    }

    /**
     * The value of the next field.
     *
     * @throws IllegalArgumentException if it is not called {@code name}
     */
    public String next(String name) {
        String field = fields.isEmpty() ? "" : fields.remove();
        if (!field.startsWith(name + "=")) {
            throw new IllegalArgumentException(
                    "bad spec '" + text + "': field '" + name + "' is missing or out of order");
        }
        return field.substring(name.length() + 1);
    }

    /** The value of the next field, if it is called {@code name}. */
    public Optional<String> optional(String name) {
        return !fields.isEmpty() && fields.element().startsWith(name + "=")
                ? Optional.of(next(name))
                : Optional.empty();
    }

    /** The value of the next field, a number without a sign. */
    public int number(String name) {
        String value = next(name);
        if (!value.matches("\\d{1,9}")) {
            throw new IllegalArgumentException("bad spec '" + text + "': '" + name + "' is not a number");
        }
        return Integer.parseInt(value);
    }

    /** {@code spec}, after making sure that nothing is left over. */
    <T extends KernelSpec> T end(T spec) {
        if (!fields.isEmpty()) {
            throw new IllegalArgumentException("bad spec '" + text + "': unknown field '" + fields.element() + "'");
        }
        return spec;
    }
}
