package org.mxforge.runtime.exec.spi;

/** A row-major matrix that lives on a {@link Backend}. Closing it gives its memory back to the backend. */
public interface Matrix extends AutoCloseable {
    int rows();

    int columns();

    /** The first {@code rows} rows, sharing this matrix's memory; closing the view does nothing. */
    Matrix first(int rows);

    @Override
    void close();
}
