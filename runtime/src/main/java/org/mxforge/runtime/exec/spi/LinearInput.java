package org.mxforge.runtime.exec.spi;

/** Activations in the form that a {@link Linear} multiplies: plain, or reordered, quantized and packed. */
public interface LinearInput extends AutoCloseable {
    int rows();

    int channels();

    @Override
    void close();
}
