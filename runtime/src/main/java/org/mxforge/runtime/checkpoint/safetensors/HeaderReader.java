package org.mxforge.runtime.checkpoint.safetensors;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * Reads the JSON of a safetensors header as a stream, so that a hostile one ends at the first rule it breaks. Layout of the
 * data is checked afterwards by {@link HeaderLayout}.
 */
final class HeaderReader {
    /** The largest models have fewer in all their files together; each costs memory before any is asked for. */
    private static final int MAX_TENSORS = 250_000;

    private static final int MAX_RANK = 8;

    private final String where;
    private final List<TensorInfo> tensors = new ArrayList<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();

    private HeaderReader(String where) {
        this.where = where;
    }

    /** {@code json} is the header text, {@code dataBytes} what follows it in the file. */
    static SafetensorsHeader read(String where, byte[] json, long dataBytes) {
        if (json.length == 0 || json[0] != '{') {
            throw new MxForgeException(where + " is not a safetensors file: its header does not begin with '{'");
        }
        HeaderReader reader = new HeaderReader(where);
        reader.parse(json);
        return new SafetensorsHeader(
                HeaderLayout.check(where, reader.tensors, dataBytes), reader.metadata, Long.BYTES + json.length);
    }

    private void parse(byte[] json) {
        try (JsonParser parser = StrictJson.tokens(json)) {
            expect(parser.nextToken() == JsonToken.START_OBJECT, "it is not an object");
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                expect(parser.nextToken() == JsonToken.START_OBJECT, "'" + name + "' is not an object");
                if (name.equals("__metadata__")) {
                    metadata(parser);
                } else {
                    expect(tensors.size() < MAX_TENSORS, "it lists more than " + MAX_TENSORS + " tensors");
                    tensors.add(tensor(parser, name));
                }
            }
            expect(parser.nextToken() == null, "something follows its closing brace");
        } catch (CharacterCodingException e) {
            throw new MxForgeException("the header of " + where + " is not valid UTF-8: the file is damaged", e);
        } catch (JsonProcessingException e) {
            throw new MxForgeException("the header of " + where + " is damaged: " + StrictJson.reason(e), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    private void metadata(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            expect(parser.nextToken() == JsonToken.VALUE_STRING, "metadata '" + key + "' is not a text");
            metadata.put(key, parser.getText());
        }
    }

    private TensorInfo tensor(JsonParser parser, String name) throws IOException {
        String type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            switch (key) {
                case "dtype" -> type = type(parser, name);
                case "shape" -> shape = numbers(parser, name, key, MAX_RANK);
                case "data_offsets" -> offsets = numbers(parser, name, key, 2);
                default -> expect(false, "tensor '" + name + "' has an unknown field '" + key + "'");
            }
        }
        expect(
                type != null && shape != null && offsets != null && offsets.size() == 2,
                "tensor '" + name + "' lacks its dtype, shape or two data_offsets");
        return new TensorInfo(name, type, shape, offsets.get(0), offsets.get(1));
    }

    private String type(JsonParser parser, String name) throws IOException {
        expect(parser.currentToken() == JsonToken.VALUE_STRING, "the dtype of tensor '" + name + "' is not a text");
        return parser.getText();
    }

    private List<Long> numbers(JsonParser parser, String name, String key, int most) throws IOException {
        String what = "the " + key + " of tensor '" + name + "'";
        expect(parser.currentToken() == JsonToken.START_ARRAY, what + " is not a list");
        List<Long> numbers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken() == JsonToken.VALUE_NUMBER_INT, what + " holds something not a whole number");
            long number = parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
            expect(number >= 0, what + " holds a number below 0 or above 2^63");
            expect(numbers.size() < most, what + " has more than " + most + " numbers");
            numbers.add(number);
        }
        return numbers;
    }

    private void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new MxForgeException("the header of " + where + " is refused: " + otherwise);
        }
    }
}
