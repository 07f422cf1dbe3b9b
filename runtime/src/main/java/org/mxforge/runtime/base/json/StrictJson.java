package org.mxforge.runtime.base.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;

/**
 * Reads JSON that nobody vouches for, with Jackson at its strictest: bounded size, depth and names, duplicate keys and trailing
 * text refused, and no value taken for one of another type. Files that Python wrote and Python reads may be read with its two
 * liberties beyond the standard.
 */
public final class StrictJson {
    /** Deeper documents are refused; configurations need four or five levels. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_NAME = 1024;

    static final JsonMapper MAPPER = strict().build();

    /** As Python's json: {@code NaN} and {@code Infinity} are numbers, and of a repeated key the last counts. */
    private static final JsonMapper PYTHON = strict().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Advice to programmers in Jackson's messages, which no reader of ours can follow. */
    private static final Pattern ADVICE = Pattern.compile(
            ": enable `[^`]*` to allow| \\(not recognized as one since Feature [^)]*\\)| \\(consider enabling `.*|, from `[^`]*`| \\(start marker at \\[.*\\]\\)");

    private StrictJson() {}

    private static JsonMapper.Builder strict() {
        return JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .maxNameLength(MAX_NAME)
                                .build())
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(
                        LogicalType.Textual, texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail));
    }

    /**
     * The JSON object in {@code file}.
     *
     * @param maxBytes a larger file is refused before it is read
     * @throws MxForgeException naming the file and what is wrong with it
     */
    public static JsonFields read(Path file, long maxBytes) {
        return read(file, maxBytes, MAPPER);
    }

    /** The same of a file for Python, in which {@code NaN} and {@code Infinity} are numbers and the last of repeated keys counts. */
    public static JsonFields readAsPython(Path file, long maxBytes) {
        return read(file, maxBytes, PYTHON);
    }

    private static JsonFields read(Path file, long maxBytes, JsonMapper mapper) {
        InputFile input = new InputFile("file", file);
        String text = input.text(maxBytes);
        try {
            return parse(file.toString(), text, mapper);
        } catch (MxForgeException e) {
            input.refuseOtherFormats();
            throw e;
        }
    }

    /** The JSON object in {@code text}; {@code where} names it in errors. */
    public static JsonFields parse(String where, String text) {
        return parse(where, text, MAPPER);
    }

    /** As {@link #parse(String, String)}, of what Python wrote. */
    public static JsonFields parseAsPython(String where, String text) {
        return parse(where, text, PYTHON);
    }

    private static JsonFields parse(String where, String text, JsonMapper mapper) {
        try {
            JsonNode tree = mapper.readTree(text);
            if (!(tree instanceof ObjectNode object)) {
                throw new MxForgeException(where + " does not hold a JSON object: check that it is the right file");
            }
            return new JsonFields(where, object);
        } catch (JsonProcessingException e) {
            throw new MxForgeException(where + " is not valid JSON: " + reason(e), e);
        }
    }

    /**
     * The tokens of a document that is too large to be held as a tree.
     *
     * @param utf8 its bytes; others than UTF-8 end in a {@link CharacterCodingException}, where Jackson would guess from the first ones
     */
    public static JsonParser tokens(byte[] utf8) throws IOException {
        return MAPPER.createParser(
                new InputStreamReader(new ByteArrayInputStream(utf8), StandardCharsets.UTF_8.newDecoder()));
    }

    /** What is wrong with a document and in which line, in one line of text. */
    public static String reason(JsonProcessingException e) {
        String message =
                ADVICE.matcher(e.getOriginalMessage().replaceAll("\\s+", " ")).replaceAll("");
        String brief = message.length() > 200 ? message.substring(0, 200) + "..." : message;
        return e.getLocation() == null
                ? brief
                : brief + " (line " + e.getLocation().getLineNr() + ")";
    }
}
