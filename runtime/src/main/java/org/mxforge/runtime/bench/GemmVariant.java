package org.mxforge.runtime.bench;

import java.util.List;

/** A way to multiply, measured as a peer of its own. */
public interface GemmVariant {
    /** The last part of its name among the peers. */
    String name();

    /**
     * Operands of this shape in GPU memory, with whatever this way needs beside them.
     *
     * @param formats what is multiplied
     * @param m tokens
     * @throws IllegalArgumentException if it cannot take this shape or these formats
     */
    BenchKernel setUp(BenchGpu gpu, FormatMix formats, int m, WeightShape weight);

    /** Every way there is. */
    static List<GemmVariant> all() {
        return List.of(new TunedGemm());
    }
}
