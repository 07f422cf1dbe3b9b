package org.mxforge.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.quant.TinyCheckpoint;

/** Names and values out of files are quoted in messages without acting on the terminal, and never at their full length. */
class QuotedTextTest {
    private static final String EVIL = "\\u001b]0;x\\u0007\\u202e\\u0000" + "y".repeat(1 << 20);

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void makeModel() {
        model = TinyCheckpoint.write(folder.resolve("model"), 128, 256);
    }

    private static void quoted(Object... arguments) {
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.code()).isEqualTo(1);
        for (String text : new String[] {run.err(), run.out()}) {
            assertThat(text.replace("\n", ""))
                    .doesNotContainPattern("[\\p{Cc}\\u202e]")
                    .hasSizeLessThan(4000);
        }
        assertThat(run.err().lines()).hasSize(1);
    }

    @Test
    void ofATensor() throws IOException {
        byte[] header = ("{\"" + "n\\u001b[2J\\u202e".repeat(50) + "\":{\"dtype\":\"" + EVIL
                        + "\",\"shape\":[1],\"data_offsets\":[0,4]}}")
                .getBytes(StandardCharsets.UTF_8);
        Files.write(
                model.resolve("model.safetensors"),
                ByteBuffer.allocate(8 + header.length + 4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(header.length)
                        .put(header)
                        .array());
        quoted("generate", "--model", model, "--prompt", "x", "--device", "cpu");
    }

    @Test
    void ofAShard() throws IOException {
        Files.delete(model.resolve("model.safetensors"));
        Files.writeString(model.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"w\":\"" + EVIL + "\"}}");
        quoted("generate", "--model", model, "--prompt", "x", "--device", "cpu");
    }

    @Test
    void ofAConfiguration() throws IOException {
        Files.writeString(model.resolve("config.json"), "{\"architectures\":[\"" + EVIL + "\"]}");
        quoted("generate", "--model", model, "--prompt", "x", "--device", "cpu");
    }

    @Test
    void ofTheCommandLine() {
        String evil = "\u001b]0;x\u0007\u202e" + "y".repeat(1 << 16);
        quoted("quantize", "--model", model, "--recipe", evil, "--out", folder.resolve("q"));
        quoted("generate", "--model", evil, "--prompt", "x");
    }
}
