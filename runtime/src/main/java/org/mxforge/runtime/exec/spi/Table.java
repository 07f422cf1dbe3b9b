package org.mxforge.runtime.exec.spi;

/**
 * A constant table on a {@link Backend}, which lives as long as it: token embeddings, [vocabulary][hidden], or the cosines and sines of
 * rotation angles, [positions][half].
 */
public interface Table {
    int rows();

    int columns();
}
