package org.mxforge.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.checkpoint.safetensors.SafetensorsWriter;
import org.mxforge.runtime.checkpoint.safetensors.TensorInfo;
import org.mxforge.runtime.checkpoint.safetensors.TensorStore;
import org.mxforge.runtime.checkpoint.safetensors.TensorType;
import org.mxforge.runtime.exec.spi.KvCache;
import org.mxforge.runtime.model.Decoder;
import org.mxforge.runtime.model.family.ModelConfig;

/**
 * Sequences of tokens of one length.
 *
 * @param batch sequences
 * @param length tokens in each
 * @param ids [batch][length]
 */
public record TokenBatch(int batch, int length, int[] ids) {
    public TokenBatch {
        Arguments.require(ids, "the tokens of a batch are missing: give batch * length of them");
        if (batch < 1 || length < 1 || ids.length != (long) batch * length) {
            throw new IllegalArgumentException(
                    ids.length + " tokens are no batch of " + batch + " x " + length + ": give so many, at least 1");
        }
    }

    /**
     * Reads {@code input_ids}, [batch][length] of I32 or I64, from a safetensors file.
     *
     * @throws MxForgeException naming the file and what is wrong with it
     */
    public static TokenBatch read(Path file) {
        Arguments.require(file, "the file of tokens is missing: give its path");
        TensorStore store = TensorStore.open(file);
        TensorInfo info = store.info("input_ids");
        int[] ids = store.ints("input_ids");
        if (info.shape().size() != 2 || ids.length == 0) {
            throw new MxForgeException(
                    "input_ids in " + file + " has shape " + info.shape() + ", not [batch, length] with some tokens");
        }
        int batch = Math.toIntExact(info.shape().get(0));
        return new TokenBatch(batch, ids.length / batch, ids);
    }

    /**
     * Refuses tokens that a model does not take, before it is loaded for them.
     *
     * @throws MxForgeException if a sequence is too long, or a token is none of the model's
     */
    void check(ModelConfig config) {
        config.checkContext(length);
        config.checkTokens(ids);
    }

    /** Writes {@code logits}, [batch][length][vocabulary] in F32, to {@code file}, a few rows at a time; none that are not finite. */
    void write(Decoder decoder, Path file) {
        check(decoder.config());
        SafetensorsWriter.Payload payload = out -> {
            try (KvCache cache = decoder.newCache(1, length)) {
                for (int i = 0; i < batch; i++) {
                    int[] sequence = Arrays.copyOfRange(ids, i * length, (i + 1) * length);
                    writeLogits(decoder, cache, sequence, out);
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        };
        new SafetensorsWriter()
                .add(
                        "logits",
                        TensorType.F32,
                        payload,
                        batch,
                        length,
                        decoder.config().vocabulary())
                .write(file);
    }

    private static void writeLogits(Decoder decoder, KvCache cache, int[] ids, OutputStream out) {
        try (KvCache.Sequence sequence = cache.open()) {
            decoder.logits(sequence, ids, ids.length, (logits, firstRow) -> {
                try {
                    SafetensorsWriter.Payload.of(decoder.download(logits, ids)).writeTo(out);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
