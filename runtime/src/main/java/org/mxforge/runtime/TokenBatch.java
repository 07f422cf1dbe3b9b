package org.mxforge.runtime;

import java.nio.file.Path;
import org.mxforge.runtime.base.MxForgeException;
import org.mxforge.runtime.eval.LogitsDump;

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
        LogitsDump dump = LogitsDump.read(Arguments.require(file, "the file of tokens is missing: give its path"));
        return new TokenBatch(dump.batch(), dump.length(), dump.ids());
    }

    LogitsDump dump() {
        return new LogitsDump(batch, length, ids);
    }
}
