package org.mxforge.dsl.tile;

/** How far copies run ahead of arithmetic: {@code stages} tiles of shared memory, at least 2. */
public record Pipeline(int stages) {
    public Pipeline {
        if (stages < 2 || stages > 8) {
            throw new IllegalArgumentException("a pipeline has 2 to 8 stages, not " + stages);
        }
    }
}
