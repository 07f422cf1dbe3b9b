package org.mxforge.runtime.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mxforge.runtime.DecodedLogits;
import org.mxforge.runtime.TokenBatch;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.Fixtures;
import org.mxforge.runtime.model.ReferenceBackend;

class EvaluationTest {
    private final TensorStore expected =
            TensorStore.open(Fixtures.folder("fx-llama").resolve("expected.safetensors"));
    private final Decoder decoder = Decoder.load(Fixtures.checkpoint("fx-llama"), new ReferenceBackend());

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        decoder.close();
    }

    @Test
    void perplexityIsThatOfTheLogits() {
        int[] ids = expected.ints("input_ids");
        float[] logits = expected.f32("logits_f32");
        double sum = 0;
        for (int row = 0; row < ids.length; row++) {
            if (row % 48 != 47) {
                float[] scores = Arrays.copyOfRange(logits, row * 512, (row + 1) * 512);
                double all = 0;
                for (float score : scores) {
                    all += Math.exp(score);
                }
                sum += Math.log(all) - scores[ids[row + 1]];
            }
        }
        List<Long> progress = new ArrayList<>();
        Perplexity perplexity = new Perplexity(48, 10);
        int[] text = Arrays.copyOf(ids, ids.length + 5);
        assertThat(perplexity.meanNll(decoder, text, progress::add)).isCloseTo(sum / 94, within(1e-5));
        assertThat(perplexity.scored(text.length)).isEqualTo(94);
        assertThat(perplexity.windowsOf(text.length)).isEqualTo(2);
        assertThat(progress).containsExactly(48L, 96L);
    }

    @Test
    void perplexityNeedsOneWindow() {
        assertThatThrownBy(() -> new Perplexity(49, 1).meanNll(decoder, new int[48], tokens -> {}))
                .isInstanceOf(MxForgeException.class)
                .hasMessage(
                        "the text has 48 tokens, less than one window of 49: give a longer text or a smaller window");
        assertThatThrownBy(() -> new Perplexity(1, 1)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new Perplexity(16, 0)).isInstanceOf(MxForgeException.class);
        assertThatThrownBy(() -> new Perplexity(512, 1).meanNll(decoder, new int[600], tokens -> {}))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("a context of 512 tokens");
    }

    @Test
    void logitsGoFromFileToFile() {
        Path out = folder.resolve("logits.safetensors");
        TokenBatch tokens = TokenBatch.read(Fixtures.folder("fx-llama").resolve("expected.safetensors"));
        DecodedLogits.write(tokens, decoder, out);
        TensorStore written = TensorStore.open(out);
        assertThat(written.info("logits").shape()).containsExactly(2L, 48L, 512L);
        assertThat(written.info("logits").type()).isEqualTo(TensorType.F32);
        float[] ours = written.f32("logits");
        float[] theirs = expected.f32("logits_f32");
        for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).isCloseTo(theirs[i], within(1e-4f));
        }
    }

    @Test
    void idsMustBeATableOfTokens() {
        assertIdsRefused(TensorType.I32, new int[6], "has shape [6], not [batch, length]", 6);
        assertIdsRefused(TensorType.I32, new int[0], "has shape [0, 3], not [batch, length]", 0, 3);
        assertIdsRefused(TensorType.F32, new int[6], "is of type F32, not I32 or I64", 2, 3);
        Path file = ids(TensorType.I32, new int[] {1, 2, 512}, 1, 3);
        assertThatThrownBy(() -> DecodedLogits.write(TokenBatch.read(file), decoder, folder.resolve("out.safetensors")))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining("token 512");
        assertThat(folder).isDirectoryNotContaining("glob:**out.safetensors*");
    }

    private void assertIdsRefused(TensorType type, int[] values, String message, long... shape) {
        Path file = ids(type, values, shape);
        assertThatThrownBy(() -> TokenBatch.read(file))
                .isInstanceOf(MxForgeException.class)
                .hasMessageContaining(message);
    }

    private Path ids(TensorType type, int[] values, long... shape) {
        Path file = folder.resolve("ids.safetensors");
        file.toFile().delete();
        new SafetensorsWriter()
                .add("input_ids", type, SafetensorsWriter.Payload.of(values), shape)
                .write(file);
        return file;
    }
}
