package org.mxforge.runtime.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.base.files.InputFile;

/**
 * The tokenizer of a checkpoint, {@code tokenizer.json}, run by the Hugging Face tokenizers library that is packed in its
 * jar. Works without a network and does not use one. Safe for concurrent use.
 */
public final class Tokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Opens {@code tokenizer.json}.
     *
     * @throws MxForgeException naming the file, when it is missing or not a tokenizer
     */
    public static Tokenizer open(Path file) {
        if (!Files.exists(file)) {
            throw new MxForgeException("there is no tokenizer " + file + ": fetch it with the rest of the checkpoint");
        }
        new InputFile("tokenizer", file).requireRegular();
        TokenizerNatives.provide();
        try {
            Map<String, String> options =
                    Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
            return new Tokenizer(HuggingFaceTokenizer.newInstance(file, options));
        } catch (LinkageError e) {
            throw new MxForgeException(
                    "the native tokenizers library cannot be loaded, so " + file + " cannot be used: " + rootCause(e),
                    e);
        } catch (IOException | RuntimeException e) {
            throw new MxForgeException(file + " is not a tokenizer that can be used: " + e.getMessage(), e);
        }
    }

    /** The tokens of {@code text} alone. */
    public int[] encode(String text) {
        return encode(text, false);
    }

    /** The tokens of {@code text} with what the tokenizer's post-processor puts around it, such as a begin-of-text token. */
    public int[] encodePrompt(String text) {
        return encode(text, true);
    }

    /** The text of {@code ids}, special tokens left out; bytes that form no character yet become U+FFFD. */
    public String decode(int... ids) {
        return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static Throwable rootCause(Throwable error) {
        return error.getCause() == null ? error : rootCause(error.getCause());
    }

    private int[] encode(String text, boolean special) {
        long[] ids = tokenizer.encode(text, special, false).getIds();
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}
