package org.mxforge.runtime.model.tokenizer;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.runtime.base.MxForgeException;

/** The program that tries a tokenizer: says in its second line {@link #SOUND} or what is wrong, or dies before. */
final class TokenizerWorker {
    static final String SOUND = "sound";

    /** The first line: from here on, what happens is the tokenizer's fault. */
    private static final String BEGUN = "begun";

    private static final String PLAIN =
            "The quick brown fox jumps over the lazy dog, 12345 times!\n\n\tif x: return y\n";

    /** No tokenizer makes more of a byte than a token, a few of rare characters, and a fixed number around it. */
    private static final int MOST_TOKENS_PER_BYTE = 32;

    private static final int MOST_CHARS_PER_TOKEN = 4096;
    private static final int AROUND = 1024;

    /** Long enough that what grows faster than the text does not end. */
    private static final int LONG = 4000;

    private TokenizerWorker() {}

    public static void main(String[] arguments) {
        PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        // Whatever a library prints must not come between.
        System.setOut(System.err);
        endWithParent();
        answers.println(BEGUN);
        Path path = Path.of(arguments[0]);
        try (Tokenizer tokenizer = Tokenizer.load(TokenizerFile.read(path))) {
            tryPlain(tokenizer);
            samples().forEach(sample -> tryRare(tokenizer, sample));
            answers.println(SOUND);
        } catch (MxForgeException e) {
            // The caller names the file.
            answers.println(e.getMessage()
                    .replace(path + " is not a tokenizer that can be used: ", "")
                    .replaceAll("\\s+", " "));
        }
    }

    /** A process that was killed cannot stop the worker, which may never end by itself. */
    private static void endWithParent() {
        Optional<ProcessHandle> parent = ProcessHandle.current().parent();
        parent.ifPresent(
                process -> process.onExit().thenRun(() -> Runtime.getRuntime().halt(1)));
    }

    /** Texts that every tokenizer takes. */
    private static void tryPlain(Tokenizer tokenizer) {
        checkLength(PLAIN, tokenizer.encodePrompt(PLAIN), tokenizer);
        checkLength(PLAIN, tokenizer.encode(PLAIN), tokenizer);
    }

    /** A tokenizer may refuse a text that it has no tokens for, but it must not die of it. */
    private static void tryRare(Tokenizer tokenizer, String sample) {
        int[] ids;
        try {
            ids = tokenizer.encode(sample);
        } catch (MxForgeException e) {
            return;
        }
        checkLength(sample, ids, tokenizer);
    }

    private static void checkLength(String text, int[] ids, Tokenizer tokenizer) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (ids.length > MOST_TOKENS_PER_BYTE * bytes + AROUND) {
            throw new MxForgeException("it makes " + ids.length + " tokens of a text of " + bytes + " bytes");
        }
        int chars = tokenizer.decode(ids).length();
        if (chars > (long) MOST_CHARS_PER_TOKEN * ids.length + AROUND) {
            throw new MxForgeException("it makes " + chars + " characters of " + ids.length + " tokens");
        }
    }

    private static List<String> samples() {
        String ascii = IntStream.range(0, 0x80).mapToObj(Character::toString).collect(Collectors.joining());
        return List.of(
                "",
                ascii,
                "na\u00efve \u0645\u0631\u062d\u0628\u0627 \u0915\u094d\u0937 \u65e5\u672c\u8a9e \ufb01 \ufdfa e\u0301"
                        + " \ud83d\udc68\u200d\ud83d\udc69 \u2028\ufeff",
                "a".repeat(LONG) + "!",
                " ".repeat(LONG) + "x",
                "1".repeat(LONG) + "x",
                "\n".repeat(LONG) + "x",
                "-".repeat(LONG) + "x",
                "aB1 ".repeat(LONG),
                "ab".repeat(LONG) + "\n",
                "\u00e9".repeat(LONG),
                ascii.repeat(LONG / ascii.length()));
    }
}
