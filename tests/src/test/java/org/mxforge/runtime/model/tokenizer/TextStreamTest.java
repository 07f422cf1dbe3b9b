package org.mxforge.runtime.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.model.tokenizer.Tokenizer.TextStream;

/** A decoder as Llama 2 has it, which strips the space from the begin of a text and puts bytes together. */
class TextStreamTest {
    private static final int UNKNOWN = 0;
    private static final int BEGIN = 1;
    private static final int ONCE = 3;
    private static final int TIME = 4;
    private static final int SPACE = 5;
    /** The bytes of a euro sign. */
    private static final int[] EURO = {6, 7, 8};

    @TempDir
    static Path folder;

    private static Tokenizer tokenizer;

    @BeforeAll
    static void open() throws IOException {
        String special = "{\"id\":%d,\"content\":\"%s\",\"single_word\":false,\"lstrip\":false,\"rstrip\":false,"
                + "\"normalized\":false,\"special\":true}";
        String json =
                """
                {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s,%s,%s],
                 "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"\u2581"},
                  {"type":"Replace","pattern":{"String":" "},"content":"\u2581"}]},
                 "pre_tokenizer":null,"post_processor":null,
                 "decoder":{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"\u2581"},"content":" "},
                  {"type":"ByteFallback"},{"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
                 "model":{"type":"BPE","dropout":null,"unk_token":"<unk>","continuing_subword_prefix":null,
                  "end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true,"merges":[],
                  "vocab":{"<unk>":0,"<s>":1,"</s>":2,"\u2581Once":3,"\u2581time":4,"\u2581":5,
                   "<0xE2>":6,"<0x82>":7,"<0xAC>":8}}}
                """
                        .formatted(
                                special.formatted(0, "<unk>"),
                                special.formatted(1, "<s>"),
                                special.formatted(2, "</s>"));
        tokenizer = Tokenizer.open(Files.writeString(folder.resolve("tokenizer.json"), json));
    }

    @AfterAll
    static void close() {
        tokenizer.close();
    }

    @Test
    void aContinuationKeepsItsSpace() {
        assertThat(streamed(new int[] {BEGIN, ONCE}, TIME, TIME)).isEqualTo(" time time");
        assertThat(streamed(new int[] {ONCE}, SPACE, TIME)).isEqualTo("  time");
    }

    @Test
    void theBeginOfATextHasNone() {
        assertThat(streamed(new int[] {}, ONCE, TIME)).isEqualTo("Once time");
        assertThat(streamed(new int[] {BEGIN}, ONCE, TIME)).isEqualTo("Once time");
    }

    @Test
    void aSpecialTokenIsNoBegin() {
        assertThat(streamed(new int[] {ONCE}, TIME, BEGIN, TIME, BEGIN, BEGIN, UNKNOWN, TIME))
                .isEqualTo(" time time time");
        int[] prompt = new int[100];
        Arrays.fill(prompt, ONCE);
        Arrays.fill(prompt, 90, 100, BEGIN);
        assertThat(streamed(prompt, TIME)).isEqualTo(" time");
    }

    @Test
    void charactersInPiecesComeWhole() {
        assertThat(streamed(new int[] {ONCE}, EURO[0], EURO[1], EURO[2], TIME)).isEqualTo("\u20ac time");
        assertThat(streamed(new int[] {ONCE, EURO[0]}, EURO[1], EURO[2], TIME)).isEqualTo("\u20ac time");
        TextStream stream = new TextStream(tokenizer, new int[] {ONCE});
        assertThat(stream.add(EURO[0])).isEmpty();
        assertThat(stream.add(EURO[1])).isEmpty();
        assertThat(stream.add(EURO[2])).isEqualTo("\u20ac");
    }

    private static String streamed(int[] prompt, int... ids) {
        TextStream stream = new TextStream(tokenizer, prompt);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.add(id));
        }
        return text.append(stream.finish()).toString();
    }
}
