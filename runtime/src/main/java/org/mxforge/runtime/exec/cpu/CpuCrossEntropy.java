package org.mxforge.runtime.exec.cpu;

import java.util.Arrays;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;

/** Negative log likelihoods, sums in double. */
final class CpuCrossEntropy implements Backend.CrossEntropy {
    private static final int GRAIN = 8;

    private final CpuExecutor executor;
    private final int[] targets;
    private final float[] largest;
    private final double[] sums;
    private final float[] scores;
    private int vocabulary;

    CpuCrossEntropy(CpuExecutor executor, int[] targets) {
        this.executor = executor;
        this.targets = targets.clone();
        this.largest = new float[targets.length];
        this.sums = new double[targets.length];
        this.scores = new float[targets.length];
        Arrays.fill(largest, Float.NEGATIVE_INFINITY);
    }

    @Override
    public void add(Matrix logits, int first) {
        HostMatrix part = HostMatrix.of(logits, targets.length, logits.columns());
        vocabulary = first + part.columns();
        executor.ranges(targets.length, GRAIN, (begin, end) -> {
            for (int row = begin; row < end; row++) {
                add(part, first, row);
            }
        });
    }

    private void add(HostMatrix part, int first, int row) {
        int from = row * part.columns();
        float most = largest[row];
        for (int i = 0; i < part.columns(); i++) {
            most = Math.max(most, part.values()[from + i]);
        }
        double sum = sums[row] == 0 ? 0 : sums[row] * Math.exp(largest[row] - most);
        for (int i = 0; i < part.columns(); i++) {
            sum += Math.exp(part.values()[from + i] - most);
        }
        largest[row] = most;
        sums[row] = sum;
        int target = targets[row] - first;
        if (target >= 0 && target < part.columns()) {
            scores[row] = part.values()[from + target];
        }
    }

    @Override
    public Scores scores() {
        return Scores.of(targets, vocabulary, largest, sums, scores);
    }

    @Override
    public void close() {
        // The garbage collector owns the memory.
    }
}
