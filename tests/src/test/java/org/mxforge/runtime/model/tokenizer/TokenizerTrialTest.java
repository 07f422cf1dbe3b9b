package org.mxforge.runtime.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.runtime.base.MxForgeException;

/** Tokenizers that nobody vouches for: what the native library would crash on, never end with, or fail at later. */
class TokenizerTrialTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private ObjectNode tokenizer;

    @BeforeEach
    void readBundled() throws IOException {
        try (var in = getClass().getResourceAsStream("/org/mxforge/runtime/bundled/tokenizer.json")) {
            tokenizer = (ObjectNode) JSON.readTree(in);
        }
    }

    private Path write() throws IOException {
        return Files.write(folder.resolve("tokenizer.json"), JSON.writeValueAsBytes(tokenizer));
    }

    private static Arguments of(String message, String section, String value) {
        return Arguments.of(message, section, value);
    }

    static Arguments[] damagedSections() {
        return new Arguments[] {
            of(
                    "an empty pattern",
                    "normalizer",
                    "{\"type\":\"Replace\",\"pattern\":{\"String\":\"\"},\"content\":\"x\"}"),
            of("an empty pattern", "pre_tokenizer", "{\"type\":\"Split\",\"pattern\":{\"Regex\":\"\"}}"),
            of(
                    "a text of 100000 characters",
                    "normalizer",
                    "{\"type\":\"Replace\",\"pattern\":{\"String\":\"a\"},\"content\":\"" + "b".repeat(100_000)
                            + "\"}"),
            of("the id of 'a' is 2147483648", "model", "{\"type\":\"BPE\",\"vocab\":{\"a\":2147483648},\"merges\":[]}"),
            of("the id of 'a' is -1", "model", "{\"type\":\"BPE\",\"vocab\":{\"a\":-1},\"merges\":[]}"),
            of("the id of 'id' is 99999999999999999999", "added_tokens", "[{\"id\":99999999999999999999}]"),
            of("Duplicate", "model", "{\"vocab\":{\"a\":1,\"a\":2}}"),
            of("nesting", "normalizer", "[".repeat(100) + "]".repeat(100)),
            of(
                    "more than 100000 added tokens",
                    "added_tokens",
                    IntStream.rangeClosed(0, 100_000).mapToObj(i -> "{}").collect(Collectors.joining(",", "[", "]"))),
        };
    }

    @ParameterizedTest
    @MethodSource("damagedSections")
    void whatCanBeCheckedIsNotTried(String message, String section, String value) {
        String text = "{\"version\":\"1.0\",\"" + section + "\":" + value + "}";
        TokenizerFile file = new TokenizerFile(Path.of("t.json"), text.getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(file::check).isInstanceOf(MxForgeException.class).hasMessageContainingAll("t.json", message);
    }

    @Test
    void textMustBeUtf8AndOneObject() {
        for (byte[] bytes :
                new byte[][] {{'{', '"', (byte) 0xff, '"', ':', '1', '}'}, {}, {'[', ']'}, {'{', '}', '{', '}'}}) {
            assertThatThrownBy(new TokenizerFile(Path.of("t.json"), bytes)::check)
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("t.json");
        }
    }

    @Test
    void theBundledOneIsSoundAndTrusted() throws IOException {
        assertThatCode(TokenizerFile.read(write())::check).doesNotThrowAnyException();
        assertThat(TokenizerFile.read(write()).isBundled()).isFalse();
        assertThatCode(() -> TokenizerTrial.USUAL.run(write())).doesNotThrowAnyException();
        try (var in = getClass().getResourceAsStream("/org/mxforge/runtime/bundled/tokenizer.json")) {
            assertThat(new TokenizerFile(Path.of("t.json"), in.readAllBytes()).isBundled())
                    .isTrue();
        }
    }

    static Arguments[] crashes() {
        return new Arguments[] {
            Arguments.of("crashes on it", (Consumer<ObjectNode>) tokenizer -> tokenizer
                    .putObject("normalizer")
                    .put("type", "Precompiled")
                    .put("precompiled_charsmap", "////f2FiY2RlZmdo")),
            Arguments.of("Missing [UNK]", (Consumer<ObjectNode>) tokenizer -> {
                tokenizer.putNull("normalizer");
                tokenizer
                        .putObject("model")
                        .put("type", "WordLevel")
                        .put("unk_token", "[UNK]")
                        .putObject("vocab")
                        .put("a", 0);
            }),
        };
    }

    @ParameterizedTest
    @MethodSource("crashes")
    void whatTheLibraryDiesOfIsASentence(String message, Consumer<ObjectNode> damage) throws IOException {
        damage.accept(tokenizer);
        Path file = write();
        assertThatThrownBy(() -> TokenizerTrial.USUAL.run(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContainingAll(file + " is not a tokenizer that can be used", message);
    }

    @Test
    void timeAndMemoryAreLimited() throws IOException {
        Path file = write();
        assertThatThrownBy(() -> new TokenizerTrial(Duration.ZERO, Long.MAX_VALUE).run(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("takes more than 0 s");
        assertThatThrownBy(() -> new TokenizerTrial(Duration.ofMinutes(1), 1 << 20).run(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("takes more than 1 MiB");
    }

    @Test
    void whatTheTokenizerCannotDoIsASentence() {
        String text =
                "{\"version\":\"1.0\",\"added_tokens\":[],\"model\":{\"type\":\"WordLevel\",\"unk_token\":\"[UNK]\",\"vocab\":{\"a\":0}}}";
        TokenizerFile file = new TokenizerFile(Path.of("t.json"), text.getBytes(StandardCharsets.UTF_8));
        try (Tokenizer tokenizer = Tokenizer.load(file)) {
            assertThat(tokenizer.encode("a")).containsExactly(0);
            assertThatThrownBy(() -> tokenizer.encode("b"))
                    .isInstanceOf(MxForgeException.class)
                    .hasMessageContaining("Missing [UNK]");
        }
    }
}
