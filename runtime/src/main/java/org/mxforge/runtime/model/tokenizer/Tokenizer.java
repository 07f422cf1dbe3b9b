package org.mxforge.runtime.model.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mxforge.runtime.base.MxForgeException;

/**
 * The tokenizer of a checkpoint, {@code tokenizer.json}, run by the Hugging Face tokenizers library that is packed in its
 * jar. Works without a network and does not use one. Safe for concurrent use.
 */
public final class Tokenizer implements AutoCloseable {
    /** SentencePiece, byte pairs in two files, and others. */
    private static final List<String> OTHER_FORMS = List.of(
            "tokenizer.model",
            "spiece.model",
            "sentencepiece.bpe.model",
            "tekken.json",
            "qwen.tiktoken",
            "vocab.json",
            "merges.txt");

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
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new MxForgeException("there is no tokenizer " + file + other(file));
        }
        TokenizerFile content = TokenizerFile.read(file);
        TokenizerTrial.USUAL.require(content);
        return load(content);
    }

    /** What there is in place of it. */
    private static String other(Path file) {
        return OTHER_FORMS.stream()
                .filter(name -> Files.exists(file.resolveSibling(name)))
                .findFirst()
                .map(name -> ", only " + name + ", a tokenizer in another form: convert it with transformers,"
                        + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder)")
                .orElse(": fetch it with the rest of the checkpoint");
    }

    /** Opens what was tried, or is to be tried, in this process. */
    static Tokenizer load(TokenizerFile content) {
        Path file = content.path();
        TokenizerNatives.provide();
        try {
            Map<String, String> options =
                    Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");
            return new Tokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(content.bytes()), options));
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
        try {
            return tokenizer.decode(Arrays.stream(ids).asLongStream().toArray(), true);
        } catch (RuntimeException e) {
            throw new MxForgeException(
                    "the tokenizer cannot make text of " + ids.length + " tokens (" + e.getMessage()
                            + "): tokenizer.json is damaged or does not belong to the model",
                    e);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }

    private static Throwable rootCause(Throwable error) {
        return error.getCause() == null ? error : rootCause(error.getCause());
    }

    private int[] encode(String text, boolean special) {
        try {
            long[] ids = tokenizer.encode(text, special, false).getIds();
            return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
        } catch (RuntimeException e) {
            throw new MxForgeException(
                    "the tokenizer cannot make tokens of a text of " + text.length() + " characters (" + e.getMessage()
                            + "): tokenizer.json is damaged or does not belong to the model",
                    e);
        }
    }

    /**
     * Turns tokens into text as they come. A character may be spread over several tokens, and a token may look different beside
     * its neighbours, so tokens are decoded together from the last place where the text was whole.
     */
    public static final class TextStream {
        private static final char INCOMPLETE = '\uFFFD';

        /** Tokens of a prompt that the first ones after it are decoded beside: enough for a character and a run of special ones. */
        private static final int CONTEXT = 64;

        /** Bytes of UTF-8 that lack the last one. */
        private static final int LONGEST_CHARACTER = 3;

        private final Tokenizer tokenizer;
        private int[] ids = new int[64];
        private int count;
        private int context;
        private int shown;

        /** A text that begins. */
        public TextStream(Tokenizer tokenizer) {
            this(tokenizer, new int[0]);
        }

        /** What follows {@code prompt}: decoders take a space from the begin of a text, which this is not. */
        public TextStream(Tokenizer tokenizer, int[] prompt) {
            this.tokenizer = tokenizer;
            shown = Math.min(prompt.length, CONTEXT);
            count = shown;
            System.arraycopy(prompt, prompt.length - shown, ids, 0, shown);
            // A prompt of tokens may end within a character, which is of what follows then.
            for (int back = 1; back <= Math.min(LONGEST_CHARACTER, count); back++) {
                if (!isIncomplete(decode(0, shown))) {
                    break;
                }
                shown = isIncomplete(decode(0, count - back)) ? count : count - back;
            }
        }

        /** The text that {@code id} adds; empty while a character is incomplete. */
        public String add(int id) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
            }
            ids[count++] = id;
            String text = decode(context, count);
            return isIncomplete(text) ? "" : show(text);
        }

        /** What is left at the end, incomplete characters as U+FFFD. */
        public String finish() {
            return show(decode(context, count));
        }

        private String show(String text) {
            String added = text.substring(
                    Math.min(text.length(), decode(context, shown).length()));
            // A token that shows nothing, such as a special one, is no context for the next.
            if (!added.isEmpty()) {
                context = shown;
                shown = count;
            }
            return added;
        }

        private static boolean isIncomplete(String text) {
            return text.isEmpty() || text.charAt(text.length() - 1) == INCOMPLETE;
        }

        private String decode(int from, int to) {
            return tokenizer.decode(Arrays.copyOfRange(ids, from, to));
        }
    }
}
