package org.mxforge.runtime.model;

import org.mxforge.runtime.exec.spi.Backend.CrossEntropy;
import org.mxforge.runtime.exec.spi.Matrix;

/** Losses by their formula, in double, under logits that come in one part. */
final class ReferenceLoss implements CrossEntropy {
    private final int[] targets;
    private float[] nll;

    ReferenceLoss(int[] targets) {
        this.targets = targets.clone();
    }

    @Override
    public void add(Matrix logits, int first) {
        nll = new float[targets.length];
        for (int row = 0; row < nll.length; row++) {
            float[] scores = ReferenceBackend.row(logits, row);
            double sum = 0;
            for (float score : scores) {
                sum += Math.exp(score - (double) scores[targets[row]]);
            }
            nll[row] = (float) Math.log(sum);
        }
    }

    @Override
    public float[] nll() {
        return nll;
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
