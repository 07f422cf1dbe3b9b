package org.mxforge.runtime.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.mxforge.runtime.BundledModel;
import org.mxforge.runtime.model.tokenizer.Tokenizer.TextStream;

/** The byte-level tokenizer of the bundled checkpoint, which can spell every text. */
class TokenizerTest {
    private static Path file;
    private static Tokenizer tokenizer;

    @BeforeContainer
    static void open() throws IOException {
        file = Files.createTempFile("tokenizer", ".json");
        try (var in = BundledModel.class.getResourceAsStream("/org/mxforge/runtime/bundled/tokenizer.json")) {
            Files.write(file, in.readAllBytes());
        }
        tokenizer = Tokenizer.open(file);
    }

    @AfterContainer
    static void close() throws IOException {
        tokenizer.close();
        Files.delete(file);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().ofMaxLength(60),
                        Arbitraries.strings().ascii().ofMaxLength(200),
                        Arbitraries.strings()
                                .withChars("a \n\t\u00e9\u20ac\u0301")
                                .ofMaxLength(60),
                        Arbitraries.integers()
                                .between(0x1f300, 0x1faff)
                                .list()
                                .ofMaxSize(20)
                                .map(points -> new String(
                                        points.stream().mapToInt(i -> i).toArray(), 0, points.size())))
                .filter(text -> StandardCharsets.UTF_8.newEncoder().canEncode(text))
                .filter(text -> !text.contains("<|"));
    }

    @Property(tries = 400)
    void textsComeBack(@ForAll("texts") String text) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }

    @Property(tries = 200)
    void streamedTextIsTheWholeText(@ForAll("texts") String text) {
        TextStream stream = new TextStream(tokenizer);
        StringBuilder shown = new StringBuilder();
        IntStream.of(tokenizer.encode(text)).forEach(id -> shown.append(stream.add(id)));
        assertThat(shown.append(stream.finish())).hasToString(text);
    }

    @Example
    void tokensAreThoseOfTheReference() {
        assertThat(tokenizer.encode("The history of the Roman Empire is"))
                .containsExactly(423, 2953, 286, 265, 495, 2216, 513, 2447, 472, 302);
    }

    @Example
    void longTextsAreNotCut() {
        assertThat(tokenizer.encode("word ".repeat(5000)).length).isGreaterThanOrEqualTo(5000);
    }

    @Example
    void specialTokensAreReadButNotShown() {
        int[] ids = tokenizer.encode("<|begin_of_text|>The");
        assertThat(ids[0]).isZero();
        assertThat(tokenizer.decode(ids)).isEqualTo("The");
    }

    @Example
    void partsOfACharacterAreHeldBack() {
        int[] ids = tokenizer.encode("\ud83e\udd80");
        assertThat(ids.length).isGreaterThan(1);
        TextStream stream = new TextStream(tokenizer);
        for (int i = 0; i < ids.length - 1; i++) {
            assertThat(stream.add(ids[i])).isEmpty();
        }
        assertThat(stream.add(ids[ids.length - 1])).isEqualTo("\ud83e\udd80");
        assertThat(stream.finish()).isEmpty();
        stream.add(ids[0]);
        assertThat(stream.finish()).isNotEmpty().matches("\ufffd+");
    }
}
