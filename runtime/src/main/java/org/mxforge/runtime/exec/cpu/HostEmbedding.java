package org.mxforge.runtime.exec.cpu;

import org.mxforge.dsl.format.ScalarArray;
import org.mxforge.runtime.exec.spi.Backend.Embedding;

/** A table, referenced as it was given. */
record HostEmbedding(ScalarArray values, int rows, int columns) implements Embedding {
    HostEmbedding {
        if (values.length() != (long) rows * columns) {
            throw new IllegalArgumentException(
                    "an embedding of " + rows + "x" + columns + " has " + values.length() + " values");
        }
    }
}
