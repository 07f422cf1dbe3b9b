package org.mxforge.runtime.exec.spi;

/** Keys and values of one sequence, [layers][positions][kvHeads][head], on a {@link Backend}. */
public interface KvCache extends AutoCloseable {
    /** Positions it has room for. */
    int capacity();

    @Override
    void close();
}
