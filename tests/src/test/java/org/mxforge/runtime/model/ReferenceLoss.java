package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Matrix;

/** Losses by their formula, in double, under logits that come in one part. */
final class ReferenceLoss implements CrossEntropy {
    private final int[] targets;
    private Scores scores;

    ReferenceLoss(int[] targets) {
        this.targets = targets.clone();
    }

    @Override
    public void add(Matrix logits, int first) {
        float[] nll = new float[targets.length];
        boolean[] best = new boolean[targets.length];
        for (int row = 0; row < nll.length; row++) {
            float[] values = ReferenceBackend.row(logits, row);
            float target = values[targets[row]];
            double sum = 0;
            best[row] = true;
            for (float value : values) {
                sum += Math.exp(value - (double) target);
                best[row] &= value <= target;
            }
            nll[row] = (float) Math.log(sum);
        }
        scores = new Scores(nll, best);
    }

    @Override
    public Scores scores() {
        return scores;
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
