package org.mxforge.runtime.exec.cuda;

import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.spec.CrossEntropySpec;
import org.mxforge.runtime.exec.spi.Backend;
import org.mxforge.runtime.exec.spi.Matrix;

/** Negative log likelihoods on the GPU, which keeps three numbers of each row between two parts. */
final class CudaCrossEntropy implements Backend.CrossEntropy {
    /** The largest logit, the sum of exponentials relative to it, and the target's logit. */
    private static final int NUMBERS = 3;

    private final Gpu gpu;
    private final int[] targets;
    private final Scratch index;
    private final Scratch state;
    private int vocabulary;

    CudaCrossEntropy(Gpu gpu, int[] targets) {
        this.gpu = gpu;
        this.targets = targets.clone();
        this.index = gpu.scratch("target ids", targets);
        this.state = gpu.scratch("log likelihoods", (long) NUMBERS * Float.BYTES * targets.length);
    }

    @Override
    public void add(Matrix logits, int first) {
        CudaMatrix part = CudaMatrix.of(logits, ScalarType.FP32, targets.length, logits.columns());
        vocabulary = first + part.columns();
        gpu.launch(
                new CrossEntropySpec(),
                new CrossEntropyArguments(
                        part.rows(), part.columns(), first, part.address(), index.address(), state.address()));
    }

    @Override
    public Scores scores() {
        float[] numbers = new float[NUMBERS * targets.length];
        state.buffer().download(numbers);
        float[] largest = new float[targets.length];
        double[] sums = new double[targets.length];
        float[] scores = new float[targets.length];
        for (int row = 0; row < targets.length; row++) {
            largest[row] = numbers[NUMBERS * row];
            sums[row] = numbers[NUMBERS * row + 1];
            scores[row] = numbers[NUMBERS * row + 2];
        }
        return Scores.of(targets, vocabulary, largest, sums, scores);
    }

    @Override
    public void close() {
        index.close();
        state.close();
    }
}
