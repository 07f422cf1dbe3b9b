package org.mxforge.runtime.exec.cpu;

import org.mxforge.runtime.exec.spi.EmbeddingTable;

/** A BF16 table, referenced as it was given. */
record HostEmbedding(short[] bf16, int vocabulary, int hidden) implements EmbeddingTable {
    HostEmbedding {
        if (bf16.length != (long) vocabulary * hidden) {
            throw new IllegalArgumentException(
                    "an embedding of " + vocabulary + "x" + hidden + " has " + bf16.length + " values");
        }
    }
}
