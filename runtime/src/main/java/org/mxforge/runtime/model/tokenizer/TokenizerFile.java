package org.mxforge.runtime.model.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.cache.Digests;
import org.mxforge.runtime.base.files.InputFile;
import org.mxforge.runtime.base.json.StrictJson;

/**
 * The content of a {@code tokenizer.json} that nobody vouches for.
 *
 * @param path where it was read from, for messages
 * @param bytes all of it
 */
record TokenizerFile(Path path, byte[] bytes) {
    /** Four times as large as the largest that models have. */
    private static final long MAX_BYTES = 128L << 20;

    private static final String BUNDLED = "/org/mxforge/runtime/bundled/tokenizer.json";

    /** Normalizers and decoders replace single characters by such texts; a long one makes gigabytes of a page. */
    private static final int LONGEST_TEXT = 2048;

    /** A table in base 64, the one long text that there is. */
    private static final String TABLE = "precompiled_charsmap";

    private static final int LONGEST_TABLE = 8 << 20;

    /** Ids are numbers of rows in a table of embeddings. */
    private static final long LARGEST_ID = 1 << 28;

    /** The library takes time that grows with their square. */
    private static final int MOST_ADDED = 100_000;

    static TokenizerFile read(Path path) {
        return new TokenizerFile(path, new InputFile("tokenizer", path).bytes(MAX_BYTES));
    }

    /** SHA-256 in hexadecimal. */
    String digest() {
        return Digests.sha256(bytes);
    }

    /** Whether it is the one that comes with MXForge. */
    boolean isBundled() {
        try (InputStream in = TokenizerFile.class.getResourceAsStream(BUNDLED)) {
            return in != null && MessageDigest.isEqual(in.readAllBytes(), bytes);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Checks what can be checked without the library: whether it is UTF-8 and JSON without duplicate keys, the length of texts, the range
     * of ids and the number of added tokens.
     *
     * @throws MxForgeException naming the file and what is wrong with it
     */
    void check() {
        try (JsonParser parser = StrictJson.tokens(bytes)) {
            require(parser.nextToken() == JsonToken.START_OBJECT, "it does not hold a JSON object");
            int added = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String section = parser.currentName();
                parser.nextToken();
                added += checkSection(parser, section);
                require(added <= MOST_ADDED, "it has more than " + MOST_ADDED + " added tokens");
            }
            require(parser.nextToken() == null, "something follows its closing brace");
        } catch (CharacterCodingException e) {
            throw new MxForgeException(path + " is not valid UTF-8 text: it is damaged, or not a tokenizer", e);
        } catch (JsonProcessingException e) {
            throw new MxForgeException(path + " is not valid JSON: " + StrictJson.reason(e), e);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory failed", e);
        }
    }

    /** Checks the value that the parser is at; how many added tokens it lists. */
    private int checkSection(JsonParser parser, String section) throws IOException {
        int depth = 0;
        int added = 0;
        boolean vocabulary = false;
        do {
            JsonToken token = parser.currentToken();
            String name = parser.currentName();
            if (token.isStructStart()) {
                added += section.equals("added_tokens") && depth == 1 ? 1 : 0;
                vocabulary = depth == 1 && "vocab".equals(name) || depth > 1 && vocabulary;
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            } else if (token == JsonToken.VALUE_STRING) {
                checkText(parser, name);
            } else if (token == JsonToken.VALUE_NUMBER_INT && ("id".equals(name) || vocabulary && depth == 2)) {
                checkId(parser, name);
            }
        } while (depth > 0 && parser.nextToken() != null);
        return added;
    }

    private void checkText(JsonParser parser, String name) throws IOException {
        int most = TABLE.equals(name) ? LONGEST_TABLE : LONGEST_TEXT;
        require(
                parser.getTextLength() <= most,
                "its " + name + " is a text of " + parser.getTextLength() + " characters, more than " + most);
        require(
                !("Regex".equals(name) || "String".equals(name)) || parser.getTextLength() > 0,
                "it has an empty pattern, " + name);
    }

    private void checkId(JsonParser parser, String name) throws IOException {
        boolean fits = parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0
                && parser.getLongValue() <= LARGEST_ID;
        require(fits, "the id of '" + name + "' is " + parser.getText() + ", not from 0 to " + LARGEST_ID);
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new MxForgeException(path + " is not a tokenizer that can be used: " + otherwise);
        }
    }
}
