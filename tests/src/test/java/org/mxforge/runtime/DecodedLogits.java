package org.mxforge.runtime;

import java.nio.file.Path;
import org.mxforge.runtime.model.Decoder;

/** Logits of a decoder in a file, as {@link Model#writeLogits} writes those of a model. */
public final class DecodedLogits {
    private DecodedLogits() {}

    public static void write(TokenBatch tokens, Decoder decoder, Path file) {
        tokens.write(decoder, file);
    }
}
