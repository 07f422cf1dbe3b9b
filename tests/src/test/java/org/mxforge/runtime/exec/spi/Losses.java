package org.mxforge.runtime.exec.spi;

import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;

/** Losses of single matrices of logits. */
public final class Losses {
    private Losses() {}

    /** The losses of {@code targets} under {@code parts} of the vocabulary. */
    public static float[] of(Backend backend, int[] targets, Matrix... parts) {
        try (CrossEntropy scores = backend.crossEntropy(targets)) {
            int first = 0;
            for (Matrix part : parts) {
                scores.add(part, first);
                first += part.columns();
            }
            return scores.scores().nll();
        }
    }
}
