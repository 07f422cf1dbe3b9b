package org.mxforge.runtime.exec.cpu;

/** Negative log likelihood of one row, the sum in double. */
final class CrossEntropy {
    private CrossEntropy() {}

    static float of(float[] logits, int begin, int count, int target) {
        if (target < 0 || target >= count) {
            throw new IllegalArgumentException("target token " + target + " is not one of " + count);
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            max = Math.max(max, logits[begin + i]);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += Math.exp(logits[begin + i] - max);
        }
        return (float) (Math.log(sum) + max - logits[begin + target]);
    }
}
