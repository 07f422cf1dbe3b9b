package org.mxforge.runtime.exec.spi;

/** A token embedding table, [vocabulary][hidden], on a {@link Backend}; lives as long as its backend. */
public interface EmbeddingTable {
    int vocabulary();

    int hidden();
}
