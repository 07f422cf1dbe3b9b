package org.mxforge.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.KvCache;

/** The weights of a dense fixture under a configuration that a test writes. */
final class ConfiguredModels {
    private static final String SHAPE =
            """
            "hidden_size": 128, "intermediate_size": 384, "num_hidden_layers": 2, "num_attention_heads": 4,
            "num_key_value_heads": 2, "vocab_size": 512, "rms_norm_eps": 1e-6,
            """;

    private ConfiguredModels() {}

    /**
     * A checkpoint of fx-llama's weights, or of fx-qwen2's where the family is {@code qwen2}.
     *
     * @param folder a new one is made inside
     * @param fields beside those of its shape, such as {@code "a": 1}
     */
    static Checkpoint checkpoint(Path folder, String family, String fields) {
        try {
            Path model = Files.createTempDirectory(folder, family);
            Files.copy(weights(family), model.resolve("model.safetensors"));
            Files.writeString(
                    model.resolve("config.json"),
                    "{\"model_type\": \"" + family + "\", \"tie_word_embeddings\": " + family.equals("qwen2") + ", "
                            + SHAPE + fields + "}");
            return Checkpoint.open(model);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path weights(String family) {
        return Fixtures.folder(family.equals("qwen2") ? "fx-qwen2" : "fx-llama").resolve("model.safetensors");
    }

    static int[] ids(int count) {
        return new Random(11).ints(count, 0, 512).toArray();
    }

    /** The logits of all {@code ids}, which go through in pieces that end at {@code cuts}. */
    static float[] logits(Checkpoint checkpoint, Backend backend, int[] ids, int... cuts) {
        int vocabulary = checkpoint.config().vocabulary();
        float[] all = new float[ids.length * vocabulary];
        try (Decoder decoder = Decoder.load(checkpoint, backend);
                KvCache cache = decoder.newCache(1, ids.length);
                KvCache.Sequence sequence = cache.open()) {
            for (int cut : cuts) {
                int start = sequence.length();
                int[] piece = Arrays.copyOfRange(ids, start, cut);
                decoder.logits(sequence, piece, piece.length, (logits, row) -> {
                    float[] values = backend.download(logits);
                    System.arraycopy(values, 0, all, (start + row) * vocabulary, values.length);
                });
            }
        }
        return all;
    }

    /** AssertJ's own comparison of arrays takes minutes to say where two of this length differ. */
    static void assertClose(float[] actual, float[] expected, float tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            if (!(Math.abs(actual[i] - expected[i]) <= tolerance)) {
                assertThat(actual[i]).as("at %d", i).isCloseTo(expected[i], within(tolerance));
            }
        }
    }

    /** {@code rows} after each other. */
    static float[] concatenated(double[][] rows) {
        float[] all = new float[rows.length * rows[0].length];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) rows[i / rows[0].length][i % rows[0].length];
        }
        return all;
    }
}
