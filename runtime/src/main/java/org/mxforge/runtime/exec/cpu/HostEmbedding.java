package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.Backend.Embedding;

/** A BF16 table, referenced as it was given. */
record HostEmbedding(short[] bf16, int rows, int columns) implements Embedding {
    HostEmbedding {
        if (bf16.length != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "an embedding of " + rows + "x" + columns + " has " + bf16.length + " values");
        }
    }
}
